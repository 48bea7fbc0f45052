//! The tables of drafts are not even named where the public reads.

use std::path::Path;

#[test]
fn delivery_names_no_table_of_drafts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/delivery");
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let source = std::fs::read_to_string(&file).unwrap();
        for table in ["editions", "revisions"] {
            assert!(!source.contains(table), "{} names {table}", file.display());
        }
        files += 1;
    }
    assert!(files > 4);
}
