//! `loa expunge`: one person asks, another confirms. Both say who they are with their password.

use std::io::{IsTerminal, Read, stdin};

use console::Term;
use loa_app::App;
use loa_app::editorial::{ExpunctionView, ExpungeRequest, ExpungeWhat};
use loa_domain::actor::Actor;
use loa_domain::expunction::{ExpunctionState, ItemKind};
use loa_domain::ids::ExpunctionId;

use crate::cli::{self, Expunge};
use crate::config::Settings;
use crate::failure::Failure;
use crate::{out, wiring};

/// Most that is read from standard input, in bytes.
const LONGEST: u64 = 1 << 20;

/// Does it.
///
/// # Errors
/// When a person is not who they say, may not do it, or there is nothing to do.
pub(super) fn run(what: &Expunge, settings: &Settings) -> Result<(), Failure> {
    let app = wiring::admitted(settings)?;
    match what {
        Expunge::Request(args) => request(&app, args),
        Expunge::List => {
            for own in app.editorial().system_expunctions()? {
                out::line(&line(&own));
            }
            Ok(())
        }
        Expunge::Show(args) => {
            let own = app.editorial().system_expunction(id(&args.id)?);
            show(&own.map_err(refused)?);
            Ok(())
        }
        Expunge::Confirm(args) => confirm(&app, args),
        Expunge::Cancel(args) => {
            let actor = prove(&app, &args.email, &Heard::listen(false)?)?;
            let done = app.editorial().cancel_expunction(&actor, id(&args.id)?);
            done.map_err(refused)?;
            out::line("cancelled");
            Ok(())
        }
    }
}

fn request(app: &App, args: &cli::ExpungeRequest) -> Result<(), Failure> {
    let entry = args.entry.parse();
    let entry = entry.map_err(|_| Failure::usage("--entry: expected the id of an entry"))?;
    let heard = Heard::listen(args.containing_stdin)?;
    let what = match args.revision {
        Some(number) => ExpungeWhat::Revision(number),
        None => ExpungeWhat::Containing(heard.text.clone()),
    };
    let actor = prove(app, &args.email, &heard)?;
    let request = ExpungeRequest {
        entry,
        what,
        reason: args.reason.clone(),
    };
    let asked = app.editorial().request_expunction(&actor, &request);
    let asked = asked.map_err(refused)?;
    show(&asked);
    out::complain(&format!(
        "nothing is gone yet; another person has to: loa expunge confirm {} --email …",
        asked.expunction.id
    ));
    Ok(())
}

fn confirm(app: &App, args: &cli::ExpungeDecision) -> Result<(), Failure> {
    let id = id(&args.id)?;
    let actor = prove(app, &args.email, &Heard::listen(false)?)?;
    let spinner = out::spinner("expunging and cleaning the files");
    let done = app.editorial().confirm_expunction(&actor, id);
    spinner.finish_and_clear();
    let done = done.map_err(refused)?;
    out::line(&line(&done.view));
    match done.unclean {
        None => Ok(()),
        Some(error) => Err(Failure::failed(format!(
            "the text is in no table any more, but the files were not cleaned ({error}); \
             run the same command again"
        ))),
    }
}

/// What was said on standard input.
struct Heard {
    password: String,
    text: String,
}

impl Heard {
    fn listen(with_text: bool) -> Result<Self, Failure> {
        let wrong = |error: std::io::Error| Failure::failed(format!("standard input: {error}"));
        if stdin().is_terminal() {
            let ask = |what: &str| {
                let terminal = Term::stderr();
                terminal.write_str(what)?;
                terminal.read_secure_line()
            };
            let password = ask("Password: ").map_err(wrong)?;
            let text = if with_text {
                ask("Text to expunge: ").map_err(wrong)?
            } else {
                String::new()
            };
            return Ok(Self { password, text });
        }
        let mut all = String::new();
        stdin()
            .take(LONGEST)
            .read_to_string(&mut all)
            .map_err(wrong)?;
        // Half a text would be found in other places than the whole.
        if u64::try_from(all.len()).is_ok_and(|length| length >= LONGEST) {
            return Err(Failure::usage("standard input: too long"));
        }
        let (password, text) = all.split_once('\n').unwrap_or((&all, ""));
        Ok(Self {
            password: password.trim_end_matches('\r').to_owned(),
            text: text.trim().to_owned(),
        })
    }
}

fn prove(app: &App, email: &str, heard: &Heard) -> Result<Actor, Failure> {
    app.identity()
        .prove(email, &heard.password)
        .map_err(refused)
}

fn id(text: &str) -> Result<ExpunctionId, Failure> {
    text.parse().map_err(|_| {
        Failure::usage("expected the id of a request, as `loa expunge list` prints it")
    })
}

/// What a refusal means here.
fn refused(error: loa_app::Error) -> Failure {
    let said = match error {
        loa_app::Error::NotFound => "no such entry, revision or request",
        loa_app::Error::Forbidden => {
            "this person has not the right to expunge in all sections concerned"
        }
        loa_app::Error::StateConflict("nothing_to_expunge") => "nothing there is to be expunged",
        loa_app::Error::StateConflict("same_person") => {
            "whoever asked cannot confirm; it takes another person"
        }
        loa_app::Error::StateConflict("entry_changed") => {
            "an entry was changed since it was asked for; cancel this request and ask again"
        }
        loa_app::Error::StateConflict("expunction_decided") => "the request was decided already",
        other => return other.into(),
    };
    Failure::failed(said)
}

fn line(own: &ExpunctionView) -> String {
    let about = &own.expunction;
    let clean = match (about.state, about.cleaned_at) {
        (ExpunctionState::Confirmed, None) => "confirmed, files not cleaned",
        _ => about.state.as_str(),
    };
    let decided = own.decided_by.as_deref().unwrap_or("-");
    format!(
        "{}\t{clean}\t{}\t{}\t{}\t{}\t{decided}",
        about.id, own.site, about.entry, about.asked_at, own.asked_by
    )
}

fn show(own: &ExpunctionView) {
    out::line(&line(own));
    out::line(&format!("reason\t{}", own.expunction.reason));
    for shown in &own.items {
        let item = &shown.item;
        let more = match (&shown.revision, item.kind) {
            (Some(note), _) => format!(
                "\t{}\t{}\t{}\t{}",
                note.author,
                note.created_at,
                note.sha256,
                item.places.join(" ")
            ),
            (None, ItemKind::Entry) => " (has to have this version still)".to_owned(),
            (None, _) => String::new(),
        };
        out::line(&format!(
            "{}\t{}\t{}{more}",
            item.kind, item.entry, item.number
        ));
    }
}
