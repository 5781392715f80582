"""Suggestions and claims (建议和诉求): what somebody says, and what became of it.

CollectionPoint      征集点    a place where suggestions are taken in, on the plan and in the list
PointHours           开放时间  when it is open, from a day on
Suggestion           建议      what somebody proposes for everybody, and how far it has come
SuggestionStep       建议进展  one step, as told to whoever made it
SuggestionPhoto      建议照片  the original, and what everybody may see of it
Endorsement          我也是    somebody else wants it too
SuggestionDraft      建议草稿  what somebody has filled in so far
SuggestionHandling   办理单位  a suggestion in the hands of a unit, as lead or helping
SuggestionNote       内部备注  a word among those who work on it
ReplyTemplate        答复模板  words to begin an answer with
Reply                答复      adopted, in part or not, and why
Outcome              转化成果  what an idea became: promised, done, shown, commended
Satisfaction         满意度    how content the proposer is, with attitude and result
SuggestionMerge      并入      one suggestion put into another, and how to take it out again
SuggestionPause      暂停      the clock stands still, for a reason, until a day
"""
