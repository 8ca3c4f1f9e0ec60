"""EU deforestation regulation: plot files (GeoJSON description 1.3) and due diligence statements (API V3). Pure.

Source: European Commission, EUDR Information System – Operator API Reference 1.0 of 29 May 2026. Limits are handed in,
since they change: an office keeps them as dated data.
"""
