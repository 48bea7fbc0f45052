//! Numbers that are looked up now and then, not counted as things happen.

use loa_app::App;
use loa_store::changes;

/// Looks them up.
///
/// # Errors
/// When the database is away; the pools' numbers are up to date even then.
#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge is a float; nobody needs the last digit of 2^53 changes"
)]
pub(super) fn update(app: &App) -> Result<(), loa_app::Error> {
    let store = app.store();
    for pool in store.pool_use() {
        metrics::gauge!("loa_pool_connections", "pool" => pool.pool).set(pool.open);
        metrics::gauge!("loa_pool_idle_connections", "pool" => pool.pool).set(pool.idle);
    }
    let heard = store.watermark().followed();
    let last = store.read(changes::last)?;
    metrics::gauge!("loa_change_log_lag").set((last - heard).max(0) as f64);
    Ok(())
}
