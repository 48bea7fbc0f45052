//! The tables of drafts are not even named where the public reads.

use std::path::Path;

#[test]
fn delivery_names_no_table_of_drafts() {
    for folder in ["src/delivery", "../app/src/delivery"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            // A folder in the folder would escape this, and fails here.
            let source = std::fs::read_to_string(&file).unwrap();
            for table in ["editions", "revisions"] {
                assert!(!source.contains(table), "{} names {table}", file.display());
            }
            files += 1;
        }
        assert!(files > 4);
    }
}
