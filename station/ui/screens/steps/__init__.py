"""The steps of the capture screen, one file each. A step shows a draft and emits what a person did."""
