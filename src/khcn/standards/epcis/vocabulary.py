"""The closed word lists of CBV 2.0 and how each word is written in JSON, in XML and on the web.

Source: CBV 2.0 and the EPCIS JSON-LD context of May 2023. Words of later editions are not among them.
"""

CBV_WEB = "https://ref.gs1.org/cbv/"
GS1_WEB = "https://gs1.org/voc/"
CONTEXT_URI = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEPS = _words(
    """
    accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
    decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
    installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
    retail_selling shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping sensor_reporting sampling
    """
)
DISPOSITIONS = _words(
    """
    active container_closed damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive
    no_pedigree_match non_sellable_other partially_dispensed recalled reserved retail_sold returned
    sellable_accessible sellable_not_accessible stolen unknown available completeness_verified completeness_inferred
    conformant container_open mismatch_instance mismatch_class mismatch_quantity needs_replacement non_conformant
    unavailable
    """
)
TRANSACTION_TYPES = _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt")
PARTY_TYPES = _words("owning_party possessing_party location")
ERROR_REASONS = _words("did_not_occur incorrect_data")
MEASUREMENT_TYPES = _words(
    """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance
    Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity
    ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency
    Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux
    LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate
    MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux
    RadiantIntensity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity
    SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber
    """
)
ALERT_TYPES = _words("ALARM_CONDITION ERROR_CONDITION")
COMPONENTS = _words(
    """
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing latitude
    longitude altitude
    """
)
EVENT_TYPES = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
ACTIONS = frozenset({"OBSERVE", "ADD", "DELETE"})


class Words:
    """One list with the beginnings of its web and URN spellings; 1.2 knows only the URN."""

    def __init__(self, words: frozenset[str], web: str, urn: str = "", prefix: str = "") -> None:
        self.words, self.web, self.urn, self.prefix = words, web, urn, prefix

    def bare(self, text: str) -> str:
        """The JSON spelling of a word that stands as URN or CURIE; any other text unchanged."""
        for beginning in (self.urn, self.prefix):
            if beginning and text.startswith(beginning) and text[len(beginning) :] in self.words:
                return text[len(beginning) :]
        return text

    def as_urn(self, text: str) -> str:
        """The XML spelling of a bare word; any other text unchanged."""
        return (self.urn or self.prefix) + text if text in self.words else text

    def as_web(self, text: str) -> str:
        """The web spelling of a bare word, URN or CURIE of this list; any other text unchanged."""
        if text in self.words:
            return self.web + text
        for beginning in (self.urn, self.prefix):
            if beginning and text.startswith(beginning):
                return self.web + text[len(beginning) :]
        return text


BIZ_STEP = Words(BIZ_STEPS, CBV_WEB + "BizStep-", "urn:epcglobal:cbv:bizstep:", "cbv:BizStep-")
DISPOSITION = Words(DISPOSITIONS, CBV_WEB + "Disp-", "urn:epcglobal:cbv:disp:", "cbv:Disp-")
TRANSACTION_TYPE = Words(TRANSACTION_TYPES, CBV_WEB + "BTT-", "urn:epcglobal:cbv:btt:", "cbv:BTT-")
PARTY_TYPE = Words(PARTY_TYPES, CBV_WEB + "SDT-", "urn:epcglobal:cbv:sdt:", "cbv:SDT-")
ERROR_REASON = Words(ERROR_REASONS, CBV_WEB + "ER-", "urn:epcglobal:cbv:er:", "cbv:ER-")
COMPONENT = Words(COMPONENTS, CBV_WEB + "Comp-", prefix="cbv:Comp-")
MEASUREMENT_TYPE = Words(MEASUREMENT_TYPES, GS1_WEB, prefix="gs1:")
ALERT_TYPE = Words(ALERT_TYPES, GS1_WEB, prefix="gs1:")

# Prefixes that the official context defines, so that a document need not.
STANDARD_PREFIXES = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": CBV_WEB,
    "gs1": GS1_WEB,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
}
