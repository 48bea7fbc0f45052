//! A real proxy: Caddy with `docker/Caddyfile`, in front of nodes of a test.

use std::fs::File;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use loa_testkit::{Client, has_program};
use tempfile::TempDir;

use crate::fleet::until;
use crate::node::Node;
use crate::serve::free_address;

/// A running Caddy. It is killed when it is dropped.
pub(crate) struct Caddy {
    child: Child,
    folder: TempDir,
    pub(crate) client: Client,
    pub(crate) address: SocketAddr,
}

impl Caddy {
    /// Starts Caddy in front of nodes that listen, or will listen, at these addresses. None when it is
    /// not installed and need not be: `scripts/test` installs it.
    pub(crate) fn before(nodes: &[SocketAddr]) -> Option<Self> {
        if !has_program("caddy") {
            return None;
        }
        let folder = TempDir::with_prefix("loa-caddy-").unwrap();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docker/Caddyfile");
        let (address, own, admin) = (free_address(), free_address(), free_address());
        // Its addresses are those of a container; nothing else is changed.
        let text = std::fs::read_to_string(file).unwrap();
        let text = text.replace("http://127.0.0.1:8081", &format!("http://{own}"));
        let text = format!("{{\n\tadmin {admin}\n}}\n{text}");
        let path = folder.path().join("Caddyfile");
        std::fs::write(&path, text).unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let nodes: Vec<String> = nodes.iter().map(ToString::to_string).collect();
        let child = Command::new("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(&path)
            .env_clear()
            .env("HOME", folder.path())
            .env("PATH", "/usr/bin:/bin")
            .env("SITE_ADDRESS", format!("http://{address}"))
            .env("NODES", nodes.join(" "))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        let proxy = Self {
            child: child.unwrap(),
            folder,
            client: Client::new(address),
            address,
        };
        until("in front of a node", || proxy.answers());
        Some(proxy)
    }

    fn answers(&self) -> bool {
        let health = self.client.request("GET", "/healthz").try_send();
        health.is_ok_and(|answer| answer.status == 200)
    }

    /// What it has said.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Caddy {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Where a node listens.
pub(crate) fn address_of(node: &Node) -> SocketAddr {
    node.base().replace("http://", "").parse().unwrap()
}
