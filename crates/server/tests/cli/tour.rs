//! The tour of README.md, run as a reader runs it: by `sh`, against a new demo.

use std::process::{Command, Stdio};

use crate::loa::{Place, Ran};
use crate::serve::Demo;

const README: &str = include_str!("../../../../README.md");

/// The shell's part of what stands between the marks.
fn script() -> String {
    let (_, after) = README.split_once("<!-- tour:begin -->").unwrap();
    let (tour, _) = after.split_once("<!-- tour:end -->").unwrap();
    let mut script = String::new();
    for block in tour.split("```sh\n").skip(1) {
        let (code, _) = block.split_once("```").unwrap();
        script.push_str(code);
    }
    script
}

#[test]
fn the_tour_of_the_readme_can_be_followed() {
    let place = Place::new();
    let demo = Demo::start(&place);
    let mut tour = Command::new("sh");
    tour.args(["-c", &script()])
        .env("BASE", format!("http://{}", demo.address))
        .env_remove("LOA_DEMO_PASSWORD")
        .stdin(Stdio::null());
    let tour = Ran::of(&tour.output().unwrap());
    assert_eq!(tour.code, 0, "{}\n{}", tour.out, tour.err);
    assert_eq!(tour.out, "The tour is complete.\n");

    demo.signal("-TERM");
    let ran = demo.end();
    assert_eq!(ran.code, 0, "{ran:?}");
}
