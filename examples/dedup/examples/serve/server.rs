//! When does it listen, and when does it end?

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::options::Options;
use crate::routes;
use crate::service::Service;

/// How long requests may take to end after the signal. Clients that send or read slower are cut off; work on the index is always finished.
const MAX_LEAVING: Duration = Duration::from_secs(20);

/// A service that has its address and its index.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    service: Arc<Service>,
}

impl Server {
    /// Opens the index and takes the address.
    pub async fn bind(options: &Options) -> Result<Self, String> {
        let token = options.checked_token()?;
        let fail = |error| format!("{}: {error}; choose another --listen", options.listen);
        let listener = TcpListener::bind(options.listen).await.map_err(fail)?;
        let index = dedup::open_index(&options.dir)?;
        Ok(Self {
            address: listener.local_addr().map_err(fail)?,
            listener,
            service: Arc::new(Service::new(index, token, options)),
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` comes, and then what has begun.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), String> {
        let leaving = Arc::new(Notify::new());
        let (service, told) = (Arc::clone(&self.service), Arc::clone(&leaving));
        let stop = async move {
            stop.await;
            service.stop();
            told.notify_one();
        };
        let served = axum::serve(self.listener, routes::router(self.service));
        let too_late = async {
            leaving.notified().await;
            tokio::time::sleep(MAX_LEAVING).await;
        };
        tokio::select! {
            ended = served.with_graceful_shutdown(stop) => ended.map_err(|error| error.to_string()),
            () = too_late => Ok(()),
        }
    }
}

/// Ends when the process is asked to: by SIGINT or, where there is one, SIGTERM. Signals count from the call on.
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, String> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|error| format!("signals: {error}"));
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Where signals can't be listened to, it ends at once rather than never.
        let _ = tokio::signal::ctrl_c().await;
    })
}
