"""The brief that a researcher hands upwards: read, put into sentences, laid out as a page or document."""
