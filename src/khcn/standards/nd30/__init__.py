"""Administrative documents in the layout of Decree 30/2020/NĐ-CP: model, Word and PDF writers, and a format checker.

Pure codec: values in, bytes out. It signs nothing, numbers nothing and stores nothing.
"""
