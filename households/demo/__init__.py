"""A neighbourhood to try the portal with (演示数据). Every person in it is made up."""
