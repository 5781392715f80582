"""Households, their files, their agreements (居民与户).

Household            户        one dwelling held under one certificate; the unit that is counted and signs
Member               家庭成员  a person of a household: right holder, co-owner, co-resident, registered
Residency            居住关系  a user verified to belong to a household
LetterJob            告知书批次  letters printed together
LetterCode           告知书码  the code on a household's printed letter
Mandate              授权委托  a written power of attorney, with matter, scope, dates and document
CareTag              关爱标签  a difficulty of the household; restricted
Contact              联系人    whom to call about the household
Visit                走访      one contact with the household and what was said (随手记)
FileReading          查阅记录  who read what of a file, and why
Export               导出      a list taken out of the portal, and why
CorrectionRequest    更正申请  a resident says that something in the file is wrong
SavedFilter          常用筛选  a named search of the household list
ListLook             列表样式  which columns somebody likes to see there, and how dense
GroupMessage         群发短信  one SMS to the right holders of many households, stopped within a minute
ImportBatch          导入批次  one roster file taken in
ImportRow            导入行    one row of it and what became of it
RosterSnapshot       基准日名册  the households as counted on the baseline date
SnapshotEntry        名册行    one household of the snapshot
Project              改造项目  one renovation with its legal basis, threshold and stages
StageRecord          阶段记录  a stage entered, on which day, with which document
AllowanceRule        补贴标准  how one allowance of the project is computed
AllowanceItem        补贴项    one sum of money for one household
MaterialItem         材料清单项  one line of the materials a project asks for
Material             材料      one material of one household, and what the committee says of it
MaterialFile         材料文件  one photo or PDF of a material
Plan                 一户一方案  what is planned for one household, in versions
Drawing              一户一图纸  the drawing of one household, in versions
PlanRemark           方案意见  a question or an objection to a plan
PlanConfirmation     方案确认  a household's agreement to one version of plan and drawing
AgreementTemplate    协议范本  the text of the agreement, in versions
Agreement            协议      one household's agreement, frozen, signed, sealed
Signatory            签约人    a person who must sign an agreement
Signature            签名      one signatory's act, with its evidence
SigningProgress      签约进度  how far a person has come on the way to signing
Sealing              盖章      the sealed file still owed to a signed agreement
GenerationJob        批量生成  agreements made for many households
GenerationBatch      生成批次  a few households of such a job, worked on by one worker at a time
GenerationFailure    生成失败  a household the job could not serve, and why
ShareLink            给家人看  a masked, passing look at one agreement for the family
PublishedBoard       公示榜    the signing rate as published, with its proof
"""
