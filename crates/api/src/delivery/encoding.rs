//! Compression: which the client takes, and doing it.

use std::io::Write;

use actix_web::http::header::{self, HeaderMap};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Smaller bodies gain nothing.
pub(super) const WORTH: usize = 1_024;

/// Good ratio at a speed that a first reader does not notice.
const BROTLI_QUALITY: i32 = 5;
const BROTLI_WINDOW: i32 = 22;

/// How a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// Every encoding, best first.
    pub(super) const ALL: [Encoding; 3] = [Encoding::Brotli, Encoding::Gzip, Encoding::Identity];

    /// The name in `Content-Encoding`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
            Encoding::Identity => "identity",
        }
    }

    /// The best encoding the client takes; uncompressed when it takes none of ours, which is more
    /// use than a refusal.
    pub(super) fn negotiate(headers: &HeaderMap) -> Self {
        let mut weights = [None::<u16>; 3];
        let mut rest = None;
        let listed = headers
            .get_all(header::ACCEPT_ENCODING)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        for item in listed {
            let (name, weight) = weighed(item);
            if name == "*" {
                rest = Some(weight);
            }
            for (encoding, slot) in Self::ALL.into_iter().zip(&mut weights) {
                if encoding.is_called(&name) {
                    *slot = Some(weight);
                }
            }
        }
        let mut best = (Encoding::Identity, 0);
        for (encoding, weight) in Self::ALL.into_iter().zip(weights) {
            // Not listed: as `*` says. Without it ours are unwanted, and uncompressed is the last
            // resort.
            let weight = weight.or(rest).unwrap_or(0);
            if weight > best.1 {
                best = (encoding, weight);
            }
        }
        best.0
    }

    fn is_called(self, name: &str) -> bool {
        name == self.name() || (self == Encoding::Gzip && name == "x-gzip")
    }
}

/// Name and weight in thousandths of one item of `Accept-Encoding`.
fn weighed(item: &str) -> (String, u16) {
    let mut parts = item.split(';');
    let name = parts.next().unwrap_or("").trim().to_ascii_lowercase();
    let weight = parts
        .filter_map(|part| part.trim().split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .map_or(1_000, |(_, weight)| thousandths(weight.trim()));
    (name, weight)
}

/// `0.25` as 250; what is no weight counts as none.
fn thousandths(weight: &str) -> u16 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let part = format!("{part:0<3}");
    match (whole, part.len(), part.parse::<u16>()) {
        ("1", 3, Ok(0)) => 1_000,
        ("0", 3, Ok(thousandths)) => thousandths,
        _ => 0,
    }
}

/// The body in an encoding; none when the compressor fails, which one that writes to memory does
/// not.
pub(super) fn encode(encoding: Encoding, body: &[u8]) -> Option<Vec<u8>> {
    let done = match encoding {
        Encoding::Brotli => {
            let params = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                lgwin: BROTLI_WINDOW,
                ..Default::default()
            };
            let mut out = Vec::new();
            let mut input = body;
            brotli::BrotliCompress(&mut input, &mut out, &params).map(|_| out)
        }
        Encoding::Gzip => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
            gzip.write_all(body).and_then(|()| gzip.finish())
        }
        Encoding::Identity => Ok(body.to_vec()),
    };
    match done {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            tracing::error!(%error, encoding = encoding.name(), "a body could not be compressed");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use std::io::Read;

    fn best(accept: &str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_str(accept).unwrap(),
        );
        Encoding::negotiate(&headers)
    }

    #[test]
    fn the_best_that_is_taken_is_chosen() {
        use Encoding::{Brotli, Gzip, Identity};
        for (accept, chosen) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, deflate", Gzip),
            ("x-gzip", Gzip),
            ("deflate", Identity),
            ("", Identity),
            ("br;q=0.5, gzip;q=0.8", Gzip),
            ("br;q=0, gzip;q=0", Identity),
            ("BR ; Q=0.001", Brotli),
            ("*", Brotli),
            ("*;q=0.5, br;q=0", Gzip),
            ("identity;q=1, *;q=0.5", Identity),
            ("br;q=1.5, gzip", Gzip),
            ("br;q=x", Identity),
            ("identity;q=0", Identity),
        ] {
            assert_eq!(best(accept), chosen, "{accept}");
        }
        assert_eq!(Encoding::negotiate(&HeaderMap::new()), Identity);
    }

    #[test]
    fn what_is_compressed_can_be_read_again() {
        let body = "Xã Hải Tiến ".repeat(500).into_bytes();
        let mut read = Vec::new();
        let gzip = encode(Encoding::Gzip, &body).unwrap();
        flate2::read::GzDecoder::new(&gzip[..])
            .read_to_end(&mut read)
            .unwrap();
        assert_eq!(read, body);
        let (br, mut read) = (encode(Encoding::Brotli, &body).unwrap(), Vec::new());
        brotli::BrotliDecompress(&mut &br[..], &mut read).unwrap();
        assert_eq!(read, body);
        assert!(gzip.len() < body.len() / 4 && br.len() < body.len() / 4);
    }
}
