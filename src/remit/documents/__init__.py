"""What people read: statements in the terminal, as HTML, as PDF/UA and as a workbook that recomputes the pounds."""
