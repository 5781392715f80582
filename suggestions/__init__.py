"""Suggestions and claims (建议和诉求): what somebody says, and what became of it.

CollectionPoint      征集点    a place where suggestions are taken in, on the plan and in the list
PointHours           开放时间  when it is open, from a day on
Campaign             征集令    a call for suggestions on one theme, or visits to every home, answered to all
CampaignQuestion     征集题目  one question of its form
CampaignEntry        应征      what somebody answered, oneself or through staff
CampaignAnswer       应征内容  the answer to one question
CampaignHome         走访户    a home to be visited, listed when it opens
CampaignVisit        上门      one round's visit, and whether somebody was met in person
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
