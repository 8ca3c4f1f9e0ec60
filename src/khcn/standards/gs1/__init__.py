"""GS1 identification: keys, element strings, Digital Link URIs and EPC names, as pure codecs.

It keeps no registry of company prefixes, resolves no link and reads no clock. Errors are sentences in English with a
code and the application identifier they are about; the doors above translate the code.
"""
