"""Polls to try the portal with (演示表决). Every vote in them is made up."""
