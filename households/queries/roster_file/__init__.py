"""The committee's workbook, read (读名册): bytes in, rows and findings out. It knows no table.

worker.py    opens the file in a process of its own, within limits
workbook.py  refuses what is no plain workbook, and asks the worker
headings.py  which sheet, which heading row, which column holds what
cells.py     one cell's text in the form it is stored
identity.py  ID numbers and telephone numbers
reading.py   one row: values, errors and warnings, each under the heading of the file
"""
