// Replaced by real sources.
