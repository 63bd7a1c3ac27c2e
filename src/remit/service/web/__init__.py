"""How pages look: the templates of the NHS design system, the layout, and the pages for what went wrong."""
