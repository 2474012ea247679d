"""Files of other layouts: a layout says where what stands; reading by it makes forms, and points as announced.

layouts  data/layouts/<name>.toml -> Layout, or everything that is wrong with it
guessing what a file seems to hold: settings of a layout, for somebody to correct
reading  the cells of a file, by a layout -> what each agency says, with the cell of each word, and every problem
"""
