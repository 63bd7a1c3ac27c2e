"""A worklist as a page, a workbook, a PDF and CSV: the same words in every form."""
