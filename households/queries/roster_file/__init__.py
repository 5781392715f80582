"""The committee's workbook, read (读名册): bytes in, rows and findings out. It knows no table.

worker.py    opens the file in a process of its own, within limits
workbook.py  the file's visible sheets, by way of the worker
headings.py  which sheet, which heading row, which column holds what
cells.py     one cell's text in the form it is stored
identity.py  ID numbers and telephone numbers
kinds.py     the words rosters use for what we store as a choice
reading.py   one row: values, errors and warnings, each under the heading of the file
wording.py   what is wrong with a cell, and what to do about it
"""
