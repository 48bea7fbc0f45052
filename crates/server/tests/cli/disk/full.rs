//! No room on the disk of a `SQLite` database.

use loa_testkit::{Answer, Backend, world};
use serde_json::json;

use super::small::Disk;
use super::{Desk, ENTRIES, count, delivered, readers_notice_nothing};
use crate::kill::whole::Whole;
use crate::node::{Installation, Node};

/// Larger than the room that is left.
const LARGE: usize = 400_000;
/// Drafts that the room that is left cannot hold.
const MANY: usize = 400;

/// Writes until nothing goes any more; adds the ids of what was acknowledged.
#[track_caller]
fn write_until_full(board: &Desk<'_>, disk: &Disk, acknowledged: &mut Vec<String>) {
    let (mut refused, mut tries) = (0, 0);
    while refused < 3 {
        tries += 1;
        assert!(tries < MANY, "there is always room{}", board.node);
        let answer = board.draft(&format!("Nháp {}", acknowledged.len()), 2_000);
        if answer.status == 201 {
            acknowledged.push(id(&answer));
            refused = 0;
        } else {
            is_refused(disk, answer);
            refused += 1;
        }
    }
}

fn id(answer: &Answer) -> String {
    answer.data()["id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn is_refused(disk: &Disk, answer: Answer) {
    let (status, code) = disk.refusal();
    answer.expect_problem(status, code);
}

/// Whatever writes is refused in the same words, and does nothing.
#[track_caller]
fn nothing_is_written(board: &Desk<'_>, disk: &Disk, draft: &Answer) {
    let node = board.node;
    is_refused(disk, board.publish(draft));
    delivered(node, "chua-dang").expect_problem(404, "not_found");
    let body = json!({"section": "tin-tuc", "title": "Khác", "content": {"lead": "Khác"}});
    let save = node.put(&format!("{ENTRIES}/{}", id(draft)));
    let save = save.bearer(&board.token).if_match(draft.etag());
    is_refused(disk, save.json(&body).send());
    // A session is little to write.
    let mut in_a_row = 0;
    let who = json!({"email": "editor@loa.example.vn", "password": world::PASSWORD});
    for _ in 0..MANY {
        let answer = node.post("/api/v1/auth/login").json(&who).send();
        if answer.status == 200 {
            in_a_row = 0;
        } else {
            is_refused(disk, answer);
            in_a_row += 1;
        }
        if in_a_row == 3 {
            break;
        }
    }
    assert_eq!(in_a_row, 3, "sessions always find room{node}");
    let unchanged = board.reads(&id(draft)).expect_status(200);
    assert_eq!(unchanged.etag(), draft.etag());
}

fn boards_wait_and_readers_notice_nothing(installation: &Installation, disk: &Disk) {
    let node = disk.node(installation, false);
    let token = node.token("chief");
    let board = Desk::at(&node, &token);
    for title in ["Một", "Hai", "Ba"] {
        board.published(title);
    }
    delivered(&node, "mot").expect_status(200);
    let draft = board.draft("Chưa đăng", 500).expect_status(201);

    let mut acknowledged = vec![id(&draft)];
    disk.fill(installation, &node);
    is_refused(disk, board.draft("Quá to", LARGE));
    write_until_full(&board, disk, &mut acknowledged);
    nothing_is_written(&board, disk, &draft);
    readers_notice_nothing(&board, "mot", "hai");

    // Room again: the next write is done, and nobody has to start anything.
    disk.free(&node);
    let after = board.draft("Có chỗ", LARGE).expect_status(201);
    acknowledged.push(id(&after));

    // Killed and started again on a full disk: what was written is there, and readers get it.
    disk.fill(installation, &node);
    write_until_full(&board, disk, &mut acknowledged);
    node.kill();
    let node = disk.node(installation, true);
    let board = Desk::at(&node, &token);
    write_until_full(&board, disk, &mut acknowledged);
    readers_notice_nothing(&board, "ba", "mot");
    disk.free(&node);
    let draft = board.reads(&id(&draft)).expect_status(200);
    board.publish(&draft).expect_status(200);
    delivered(&node, "chua-dang").expect_status(200);

    all_is_there(installation, &node, &token, &acknowledged);
}

fn all_is_there(installation: &Installation, node: &Node, token: &str, acknowledged: &[String]) {
    let board = Desk::at(node, token);
    for id in acknowledged {
        board.reads(id).expect_status(200);
    }
    let published_before = 3;
    assert_eq!(count(installation), acknowledged.len() + published_before);
    Whole::new().check(installation);
}

#[test]
fn a_limit_on_files_stops_boards_and_no_reader() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    boards_wait_and_readers_notice_nothing(&installation, &Disk::Limit);
}

#[test]
fn a_full_file_system_stops_boards_and_no_reader() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    if let Some(disk) = Disk::own(&installation) {
        boards_wait_and_readers_notice_nothing(&installation, &disk);
    }
}
