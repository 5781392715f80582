"""What is told to whom, by which channel (通知).

Notice      通知  one message for one person, on the portal
Sending     发送  the same message on its way by SMS, e-mail or WeChat
Preference  偏好  which channels a person wants
"""
