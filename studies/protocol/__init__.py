"""The model described in the form of the ODD+D protocol, and a glossary.

Words stand in the templates beside the code; tables are made from the code.
"""
