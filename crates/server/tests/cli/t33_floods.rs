//! T33, floods: who makes many traces fills neither the log nor the disk, and a disk that is full stops nothing.

use std::path::Path;

use loa_testkit::{Backend, world};
use serde_json::Value;

use crate::loa::Ran;
use crate::metrics::numbers_at;
use crate::node::{Installation, command};
use crate::serve::free_address;
use crate::t33_traces::{LOG, count, lines, start, with};

#[test]
fn a_flood_from_one_network_is_one_line_a_minute() {
    let Some(installation) = Installation::new(Backend::Sqlite) else {
        return;
    };
    let node = start(&installation, &[]);
    for _ in 0..3000 {
        let request = node.get("/api/v1/auth/me").bearer("khong-phai-token");
        request.send().expect_status(401);
    }
    assert_eq!(node.terminate().code, 0);
    let lines = lines(&installation);
    let told = with(&lines, &[("event.reason", "token_invalid")]);
    // The first at once, one for each minute it took, and the rest at the end.
    assert!((2..=4).contains(&told.len()), "{told:?}");
    assert_eq!(count(&told), 3000, "each is counted");
}

fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let own = files.filter(|file| file.file_name().to_string_lossy().starts_with(LOG));
    own.map(|file| file.metadata().unwrap().len()).sum()
}

#[test]
fn a_flood_from_everywhere_takes_no_more_room_than_it_may() {
    let Some(installation) = Installation::new(Backend::Sqlite) else {
        return;
    };
    let metrics = free_address();
    let room = 1 << 16;
    let node = start(
        &installation,
        &[
            ("LOA_SECURITY_LOG_BYTES", &room.to_string()),
            ("LOA_TRUSTED_PROXIES", "127.0.0.1"),
            ("LOA_METRICS_LISTEN", &metrics.to_string()),
        ],
    );
    for n in 0..1500_u32 {
        let from = std::net::Ipv4Addr::from(0xC633_0000 + n).to_string();
        let request = node.get("/api/v1/auth/me").header("x-forwarded-for", &from);
        request.bearer("khong-phai-token").send().expect_status(401);
    }
    let folder = installation.place.path("");
    let text = numbers_at(metrics, "loa_security_log_deleted_files_total ");
    assert!(text.contains("loa_security_log_writable 1"), "{text}");
    assert!(size(&folder) <= room, "{}", size(&folder));
    let ran = node.terminate();
    assert!(ran.err.contains("its oldest file was deleted"), "{ran:?}");
    assert!(size(&folder) <= room, "{}", size(&folder));
    let lines = lines(&installation);
    let sums = with(
        &lines,
        &[
            ("event.action", "request_refused"),
            ("event.outcome", "failure"),
        ],
    );
    let summed = sums.iter().filter(|line| line.get("source.ip").is_none());
    let summed: Vec<&Value> = summed.copied().collect();
    assert_eq!(
        count(&summed),
        500,
        "those beyond the allowance are counted: {summed:?}"
    );
}

#[test]
fn a_log_that_cannot_be_written_is_reported_and_nothing_stops() {
    let Some(installation) = Installation::new(Backend::Sqlite) else {
        return;
    };
    let metrics = free_address();
    let settings = [
        ("LOA_SECURITY_LOG", "/dev/full"),
        ("LOA_METRICS_LISTEN", &metrics.to_string()),
    ];
    let node = start(&installation, &settings);
    node.token("editor");
    node.get("/api/v1/auth/me")
        .bearer("x")
        .send()
        .expect_status(401);
    let text = numbers_at(
        metrics,
        "loa_security_log_lost_total{reason=\"unwritable\"} ",
    );
    assert!(text.contains("loa_security_log_writable 0"), "{text}");
    let said = node.said();
    assert_eq!(
        said.matches("the security log cannot be written").count(),
        1,
        "{said}"
    );
    node.get("/api/v1/sites").send().expect_status(200);
    assert_eq!(node.terminate().code, 0);
    let mut suspend = command(
        &installation.place,
        &["user", "suspend", &world::email("editor")],
        &installation.url(),
    );
    suspend.env("LOA_SECURITY_LOG", "/dev/full");
    let ran = Ran::of(&suspend.output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.err.contains("the security log cannot be written"),
        "{ran:?}"
    );
}
