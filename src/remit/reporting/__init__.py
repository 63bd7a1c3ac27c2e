"""What people read: statements in the terminal, as HTML, PDF and workbook."""
