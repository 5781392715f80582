"""Polls, topics and meetings (协商).

PollKind             表决种类  a matter with its legal basis, electorate and thresholds, in versions
Poll                 表决      from a question to a sealed result
Question             议项      one question of a poll
Option               选项      one thing to choose
RollEntry            名册行    one head on the roll: an owner with all homes, a household, a person
RollUnit             名册房屋  one home with its area in 0.01 m²
RollJob              名册生成  a roll so long that a worker builds it
PollObjection        异议      somebody says that the roll or the result is wrong
BallotDelivery       送达      how the ballot reached a voter, with proof
Proxy                表决委托  a written mandate to vote as the owner instructed
CastMark             签到      that a voter has voted, by which channel, on which day
OpenBallot           记名票    a ballot with a name, in versions
SecretBallot         无记名票  a ballot without voter, time or serial
SealedEnvelope       外信封    a sealed ballot with the voter's name outside, destroyed at closing
InnerEnvelope        内信封    a sealed ballot without a name, until the scrutineers open it
PaperBallot          纸质票    one printed ballot with its serial and scan
PaperJob             纸质票批次  ballots a worker prints, or scans it reads
Keying               录入      what one person read on a scan
StrayScan            待认扫描页  a scanned page whose code could not be read
BoardEntry           公示链    one link of a poll's public chain
PollResult           表决结果  the result as counted, with its sealed notice
FollowUp             落实事项  what a result obliges somebody to do
HouseRules           住户守则  the rules of a neighbourhood or a building, through all versions
RulesVersion         守则版本  drafted, commented on, voted on, in force, replaced
RulesArticle         守则条款  one article in one version
ArticleComment       条款意见  what a resident says of an article, and the answer
RulesAcknowledgement 守则知晓  that a household has read the rules
EvaluationForm       评议表    the questions of a yearly evaluation, in versions
EvaluationCriterion  评议项    one thing that is scored
Evaluation           年度评议  one year's evaluation of an owners' committee
EvaluationSheet      评议票    what one owner household scored
Topic            议题      what residents bring up, from proposing to evaluating
TopicStep        议题进展  one step of a topic, with the next promised date
TopicScreening   审单      what the committee answered when it looked at a topic
TopicSupport     我也关心  somebody else who cares about a topic
TopicMerge       并入      one topic put into another, and how to undo it
MeetingSeries    会议系列  meetings that come back
Meeting          会议      from its draft to its minutes
AgendaItem       议程      one point of a meeting's agenda
Draw             抽签      invitees drawn by lot, with seed and list to draw the same again
Invitation       邀请      somebody asked to come, by role or by lot
Registration     报名      somebody who signed up, with a place or waiting
MeetingQuestion  提问      one question for a meeting, let through by a moderator
QuestionSecond   我也想问  somebody else asks the same
Minutes          纪要      the minutes of a meeting, from draft to sealed
MinutesVersion   纪要版本  one version of their text; sent, it stays
MinutesCorrection 更正     what somebody who was there wants put right
MinutesSignatory 签字人    who signs the minutes
MinutesSignature 纪要签字  one signature under one version
MinutesAddendum  补记      what is added to sealed minutes
MinutesPaper     纪要文书  a sealed PDF of minutes or an addendum, internal or public
Congress         社区代表会议  a sub-district's congress of one year, from gathering to the ten
Representative   社区代表  somebody who sits in it for an area, by category and mandate
FaceToFace       面对面    representatives meet the residents of one area
CongressIssue    问题      one issue as it was raised, and what became of it
MergeRecord      合并      issues put together into one, and how to take that back
MergedIssue      合并前    one issue of a merging as it was before
AreaBallot       各区票选  the poll in which one area chooses among the candidates
WrittenOpinion   书面意见  what a representative asks for in writing
OpinionHandling  交办      an opinion in the hands of a department, leading or helping
OpinionReply     答复      the answer with its class, its promise and how content it left
OpinionClock     期限      one period that runs over an opinion, met or late
Attendance       到会人    somebody who came, as what
Presence         在场时段  one time somebody was there, and by which way they signed in
Seat             席位      a head of the roll for whom an attendee sits, in person or by mandate
ShowOfHands      举手表决  a question decided by raising hands, with the quorum's numbers
TellerCount      计票数    what one teller counted
HandTick         逐个登记  how one head voted by raising a hand
Contribution     发言      what somebody said, as noted
ContributionVersion  发言的一稿  a contribution as it stood
UnnamedSpeaker   不署名发言人  behind which label somebody spoke
MeetingDecision  会上决定  what was decided, as noted live
MeetingPhoto     现场照片  a photo of the meeting
MeetingAudio     录音      a recording of the meeting, with how those present were asked
MeetingNote      现场笔记  what the recorders wrote on one point of the agenda
NoteVersion      笔记的一稿  one text as it was sent or put together
Resolution       决议      what was decided, who carries it out until when
ResolutionNote   决议进展  one line of what became of a resolution
ResolutionEvidence 落实凭证 photos and papers of before and after
ResolutionScore  评议打分  how somebody at the review found it
SelfGovernanceProject 自治项目 residents do something themselves
ProjectMember    项目成员  somebody of its team
ProjectTask      项目任务  what is to be done, by whom, until when
BudgetLine       预算      what it may spend on one thing, in cents
Expense          支出      what was spent, with its receipt
ProjectPhoto     前后照片  how it was and how it is
"""
