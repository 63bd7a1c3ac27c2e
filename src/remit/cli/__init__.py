"""The commands. Each module holds one or a few; `main` puts them together and turns refusals into plain messages."""
