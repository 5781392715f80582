"""Files taken in from people (附件).

Attachment  附件  one file, checked, cleaned, hashed and kept under a name of ours
"""
