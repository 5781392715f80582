"""Suggestions and claims (建议和诉求): what somebody says, and what became of it.

CollectionPoint      征集点    a place where suggestions are taken in, on the plan and in the list
PointHours           开放时间  when it is open, from a day on
MailboxRound         开箱      a mailbox was opened, by two people who both count
Letter               信件      one letter: its scan, what it says, what became of it
Keepsake             老物件    an old thing or photo with its story: offered, kept, shown, given back
KeepsakePhoto        老物件照片 a photo of it, and the small one for lists
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
SavedView            常用查看  a search of a desk under a name, for whoever keeps it
SuggestionPause      暂停      the clock stands still, for a reason, until a day
ClaimLimit           诉求时限  how many working days a class or a step may take, and where that is written
Claim                诉求      what somebody needs done, from the first word to the callback
ClaimStep            诉求进展  one step of a claim, with the next promised date
ClaimMerge           合在一起办 one claim handled together with another, and how to take it out again
ClaimPause           诉求暂停  its clock stands still, for a reason, until a day
Dispatch             吹哨交办  a claim in the hands of a unit, as lead or helping
ClaimExtension       延期      more time, asked for and granted by somebody else
ClaimReply           办理答复  what a unit did, and its record of the work
ClaimCallback        回访      how it went, asked by nobody who handled it
LeaderVisit          领导走访  a leader came to see
VisitFinding         走访问题  what was found there: answered, or a claim
DraftLaw             法规草案  a draft on which the legislative contact point asks for opinions
DraftStep            草案进展  one step of it: the state, the words, the promise
DraftVersion         草案文本  a text of it: the draft, a later reading, the law as passed
DraftArticle         法条      one article as it was given, and the same in plain words
ConsultationActivity 征求意见活动  an occasion at which a draft was talked over
ArticleOpinion       逐条意见  what somebody says of an article, and what became of it
OpinionMerge         意见合并  one opinion put together with another, and how it stood before
OpinionBatch         报送      what was sent to whoever asked: frozen, numbered, hashed
"""
