"""`./dev demo`: real servers, live policy changes, and proof that nothing restarted."""
