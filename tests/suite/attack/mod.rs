//! What was altered, dropped, forged or held back is found by the check named for it.

#[cfg(feature = "signatures")]
mod hostile;
#[cfg(feature = "signatures")]
mod ledger_tamper;
mod receipts;
mod tamper;
