//! A way to a server that can be closed, as when a cable is pulled.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Passes connections on while it is open.
pub(super) struct Gate {
    pub(super) address: SocketAddr,
    open: Arc<Mutex<Option<Vec<TcpStream>>>>,
}

impl Gate {
    pub(super) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let open = Arc::new(Mutex::new(Some(Vec::new())));
        let its_open = Arc::clone(&open);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // Whoever comes to a closed gate is sent away.
                if let Some(passing) = its_open.lock().unwrap().as_mut() {
                    let server = TcpStream::connect(server).unwrap();
                    pass_on(&client, &server);
                    pass_on(&server, &client);
                    passing.extend([client, server]);
                }
            }
        });
        Self { address, open }
    }

    /// Cuts what passes, and lets nothing in.
    pub(super) fn close(&self) {
        for stream in self.open.lock().unwrap().take().into_iter().flatten() {
            stream.shutdown(Shutdown::Both).ok();
        }
    }

    pub(super) fn open(&self) {
        *self.open.lock().unwrap() = Some(Vec::new());
    }
}

fn pass_on(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 14];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let Some(bytes) = buffer.get(..count) else {
                break;
            };
            if to.write_all(bytes).is_err() {
                break;
            }
        }
        to.shutdown(Shutdown::Both).ok();
    });
}
