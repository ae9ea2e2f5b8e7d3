"""The page on which levers are moved and answered from kept futures: ``shaanxi-transfer dashboard``."""
