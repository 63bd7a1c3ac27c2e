"""The commands. Each module holds one or a few; `app` puts them together and turns refusals into plain messages."""
