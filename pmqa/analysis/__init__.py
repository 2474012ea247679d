"""What scores say: peers, gaps, paths, years, differences. Pure functions from declared tables to declared tables.

SCORED is scores with whose they are; a frame of it holds one fiscal year and one basis wherever agencies are compared.
"""
