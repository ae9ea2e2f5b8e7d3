"""The model described in standard forms: the ODD+D protocol, a model card, and a glossary.

Words stand in the templates beside the code; tables are made from the code and committed reference tables.
"""
