"""What changes something, and what is asked before it does: one module a page, and what several of them share.

submit      saving, taking back, looking at files      register    the register, who must send, who has
uploads     files as they come, reading                people      who may sign in, the audit
staging     what a visit keeps of files not saved      assess      the assessor's grid
deciding    what has to be said before saving          plan        actions and their progress
outcomes    what each file of an upload is             whatif      scenarios and efforts
changes     what a file of an upload changes           scenarios   scenarios of other submissions
findings    findings of a file on screen               report      reports, made under a button
foreign     files of another layout, one or many      layouts     a layout made on screen
combining   one form out of several
readings    tables of what they say
peers       groups of agencies that analysts name
"""
