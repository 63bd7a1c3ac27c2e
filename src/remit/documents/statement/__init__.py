"""The statement of one practice: `making` makes it of a run, `layout` makes its blocks, `workbook` its sheets, and
`formats`, on top, turns it into text, HTML, PDF or a workbook."""
