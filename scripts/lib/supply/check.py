"""What deny.toml says of bans and sources, and dependencies that nobody uses.

usage: cargo metadata --locked --format-version 1 | check.py DENY_TOML

Not for licences (scripts/check-licences) and not for advisories, which need a database.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"


def sources(packages, rules):
    """Packages from anywhere but the registry and this checkout."""
    allowed = set(rules.get("allow-registry", [])) | set(rules.get("allow-git", [])) | {CRATES_IO}
    allowed |= {"registry+" + url for url in rules.get("allow-registry", [])}
    for package in packages:
        source = package["source"]
        if source is not None and source.split("?")[0].split("#")[0] not in allowed:
            yield f"{package['name']} {package['version']} comes from {source}"


def own_paths(packages, members, root):
    """Packages of this checkout that are no members, and members outside of it."""
    for package in packages:
        if package["source"] is None:
            path = Path(package["manifest_path"])
            if package["id"] not in members or root not in path.parents:
                yield f"{package['name']} comes from {path}, which is no member of the workspace"


def bans(packages, members, rules):
    """Packages that are banned by name, and requirements that any version would meet."""
    banned = [rule["crate"] if isinstance(rule, dict) and "crate" in rule else rule
              for rule in rules.get("deny", [])]
    names = [rule["name"] if isinstance(rule, dict) else rule.split("@")[0] for rule in banned]
    for package in packages:
        if package["name"] in names:
            yield f"{package['name']} {package['version']} is banned"
    if rules.get("wildcards") == "deny":
        for package in packages:
            if package["id"] in members:
                for need in package["dependencies"]:
                    if need["req"] == "*" and need.get("path") is None:
                        yield f"{package['name']} takes any version of {need['name']}"


def unused(package):
    """Dependencies whose name stands nowhere in the code that may use them."""
    folder = Path(package["manifest_path"]).parent
    metadata = package.get("metadata") or {}
    ignored = set(metadata.get("cargo-machete", {}).get("ignored", []))
    text = {}
    for file in folder.rglob("*.rs"):
        place = file.relative_to(folder).parts[0]
        code = re.sub(r"//[^\n]*", "", file.read_text())
        text[place] = text.get(place, "") + code
    for need in package["dependencies"]:
        name = need["rename"] or need["name"]
        if name in ignored:
            continue
        if need["kind"] == "build":
            code = text.get("build.rs", "")
        elif need["kind"] == "dev":
            code = "".join(text.values())
        else:
            code = "".join(part for place, part in text.items() if place in ("src", "bin"))
        word = name.replace("-", "_")
        if not re.search(rf"\b{re.escape(word)}\b", code):
            yield f"{package['name']} does not use {name} ({need['kind'] or 'normal'})"


def unused_in_workspace(root, packages, members):
    """Lines of [workspace.dependencies] that no member takes."""
    table = tomllib.loads((root / "Cargo.toml").read_text())["workspace"]["dependencies"]
    taken = {need["name"] for package in packages if package["id"] in members
             for need in package["dependencies"]}
    for name in table:
        if name not in taken:
            yield f"no member takes {name}"


def main():
    """Says everything that is wrong."""
    metadata = json.load(sys.stdin)
    rules = tomllib.loads(Path(sys.argv[1]).read_text())
    packages, members = metadata["packages"], set(metadata["workspace_members"])
    root = Path(metadata["workspace_root"])
    wrong = [
        *sources(packages, rules["sources"]),
        *own_paths(packages, members, root),
        *bans(packages, members, rules["bans"]),
        *unused_in_workspace(root, packages, members),
    ]
    for package in packages:
        if package["id"] in members:
            wrong.extend(unused(package))
    for line in wrong:
        print(line)
    if not packages or not members:
        wrong.append("nothing was checked")
    if not wrong:
        print(f"{len(packages)} packages, all from where they may come; no dependency is unused")
    return 1 if wrong else 0


sys.exit(main())
