"""People who sign in, places on the map, organisations and posts (社区).

User           账号    one login; the phone number is the name
SubDistrict    街道    a sub-district: a set of neighbourhoods
Neighbourhood  居民区  the tenant of the portal: every business row carries it
WorkZone       工区    a part of a neighbourhood in which works are organised
Building       幢      one building, named as residents name it
Organisation   组织    party, grid, committee, department, partner; a tree
Posting        岗位    an office a person holds somewhere, from and to
Venue          场所    a room or place where people meet
Booking        预订    a venue taken for a while; no two overlap
OneTimeCode    验证码  a single-use code bound to one purpose and one thing
UnknownCaller  未登记的号码  someone who asked for a sign-in code without having an account
CountedWindow  计数窗口  how often something was done since a moment: the rate limits' memory
"""
