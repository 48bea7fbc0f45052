//! The bare server: what actix-web can do with the same bytes and headers on this machine.
//!
//! It asks a running server for every address once, keeps what came, and from then on answers out
//! of a map. No middleware, no log, no routes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::SocketAddr;
use std::path::Path;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use crate::addresses;
use crate::http::Client;
use crate::out::{Outcome, line};

/// What the HTTP library writes by itself.
const OWN: [&str; 3] = ["content-length", "date", "connection"];

struct Kept {
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

type All = HashMap<String, Kept>;

/// Serves copies of the answers of the server at `from` to all addresses of some files, until it is
/// killed. Says so on standard output when it listens.
///
/// # Errors
/// When an answer is none that can be copied, or the address is taken.
pub(crate) fn serve(listen: SocketAddr, from: SocketAddr, files: &[&Path]) -> Outcome<()> {
    let mut all = All::new();
    let mut client = Client::connect(from)?;
    for file in files {
        for address in addresses::read(file)? {
            if let Entry::Vacant(place) = all.entry(address) {
                let kept = copy(&mut client, place.key())?;
                place.insert(kept);
            }
        }
    }
    drop(client);
    let all = Data::new(all);
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(all.clone())
                .default_service(web::to(answer))
        })
        .workers(1)
        .bind(listen)?
        .run();
        line("listening");
        server.await
    })?;
    Ok(())
}

fn copy(client: &mut Client, address: &str) -> Outcome<Kept> {
    let answer = client.get(address)?.expect(200, address)?;
    let mut headers = Vec::new();
    for (name, value) in &answer.headers {
        if !OWN.contains(&name.as_str()) {
            headers.push((name.parse()?, value.parse()?));
        }
    }
    Ok(Kept {
        headers,
        body: Bytes::from(answer.body),
    })
}

async fn answer(request: HttpRequest, all: Data<All>) -> HttpResponse {
    let address = request
        .uri()
        .path_and_query()
        .map_or("/", |all| all.as_str());
    let Some(kept) = all.get(address) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = HttpResponse::Ok().body(kept.body.clone());
    for (name, value) in &kept.headers {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}
