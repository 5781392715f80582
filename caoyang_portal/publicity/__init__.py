"""Public notice periods (公示), an object of which every app above makes use.

Publicity           公示      a text before the public for so many days, and what came of it
PublicityFile       公示附件  a PDF or picture that belongs to the text
PublicityExtension  公示延长  more days, and why
PostingPlace        张贴点    where a notice hangs, since when, with its photo
PublicityObjection  公示异议  what somebody says against it, and the answer
ObjectionFile       异议附件  a photo or PDF that belongs to an objection

An app posts with ``actions.draft_publicity`` and ``actions.post_publicity`` inside its own
transaction, naming what it is ``about``; ``hearing.when_over`` tells it that its days are over.
"""
