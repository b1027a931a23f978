//! What the published documents themselves contradict.
