"""Stations, what they measured, decision tables, and what these made of it."""

from khcn.domains.hazards.models.files import MappingProfile, StationFile
from khcn.domains.hazards.models.fire import FireWeatherDay
from khcn.domains.hazards.models.levels import DeclaredFact, Evaluation, Exceedance, LevelTable
from khcn.domains.hazards.models.messages import RefusedMessage
from khcn.domains.hazards.models.observations import LatestObservation, Observation, ObservationRevision
from khcn.domains.hazards.models.parameters import HazardParameter
from khcn.domains.hazards.models.stations import Datastream, ObservedProperty, Sensor, Station, StationKey
from khcn.domains.hazards.models.verifying import GivenWarning, SeenHarm

__all__ = [
    "Datastream",
    "DeclaredFact",
    "Evaluation",
    "Exceedance",
    "FireWeatherDay",
    "GivenWarning",
    "HazardParameter",
    "LatestObservation",
    "LevelTable",
    "MappingProfile",
    "Observation",
    "ObservationRevision",
    "ObservedProperty",
    "RefusedMessage",
    "SeenHarm",
    "Sensor",
    "Station",
    "StationFile",
    "StationKey",
]
