//! What an outsider learns of units that were not drawn, and of visits that are still to come.
