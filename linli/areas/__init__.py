"""Areas: townships, villages and grids, their shapes and codes, and who answers where for what.

Verbs: save_area, close_area, import_areas, set_responsibility, end_responsibility, admit_task,
end_admission, give_beat, end_beat. Floor: above privacy.
A code may change, an area's key never does.
"""
