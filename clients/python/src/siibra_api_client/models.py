"""Made from the OpenAPI document by `npm run client:types`: not to be edited."""

from __future__ import annotations

from typing import Any, Generic, Literal, NotRequired, TypeAlias, TypedDict, TypeVar

T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """A page of a listing."""

    items: list[T]
    total: int
    page: int
    size: int
    pages: int


AxesOrigin = TypedDict(
    "AxesOrigin",
    {
        "@context": "VocabModel",
        "typeOfUncertainty": "None",
        "uncertainty": "None",
        "unit": "None",
        "value": "float",
    },
)


BestViewPoint = TypedDict(
    "BestViewPoint",
    {
        "@context": "VocabModel",
        "coordinateSpace": "SiibraAtIdModel",
        "coordinates": "list[api__models__openminds__SANDS__v3__atlas__parcellationEntityVersion__Coordinates]",
    },
)


BoundingBoxModel = TypedDict(
    "BoundingBoxModel",
    {
        "@type": "Literal['siibra-0.4/location/bbox']",
        "space": "SiibraAtIdModel",
        "center": "CoordinatePointModel",
        "minpoint": "CoordinatePointModel",
        "maxpoint": "CoordinatePointModel",
        "shape": "list[float]",
        "isPlanar": "bool",
    },
)


BrainAtlasVersionModel = TypedDict(
    "BrainAtlasVersionModel",
    {
        "@context": "VocabModel",
        "@id": "str",
        "@type": "Literal['siibra-0.4/parcellation_bav']",
        "abbreviation": "None",
        "accessibility": "SiibraAtIdModel",
        "atlasType": "SiibraAtIdModel",
        "author": "None",
        "coordinateSpace": "SiibraAtIdModel",
        "copyright": "None",
        "custodian": "None",
        "description": "str | None",
        "digitalIdentifier": "None",
        "fullDocumentation": "SiibraAtIdModel",
        "fullName": "str",
        "funding": "None",
        "hasTerminologyVersion": "HasTerminologyVersion",
        "homepage": "None",
        "howToCite": "None",
        "isAlternativeVersionOf": "None",
        "isNewVersionOf": "None",
        "keyword": "None",
        "license": "SiibraAtIdModel",
        "ontologyIdentifier": "None",
        "otherContribution": "None",
        "relatedPublication": "None",
        "releaseDate": "str",
        "repository": "None",
        "shortName": "str",
        "supportChannel": "None",
        "versionIdentifier": "str",
        "versionInnovation": "str",
    },
)


CitationModel = TypedDict(
    "CitationModel",
    {
        "kind": "Literal['article', 'dataset']",
        "id": "str",
        "title": "str",
        "authors": "list[str]",
        "doi": "str | None",
        "url": "str | None",
        "text": "str | None",
        "licences": "list[str]",
    },
)


CitationsModel = TypedDict(
    "CitationsModel",
    {
        "items": "list[CitationModel]",
    },
)


CommonCoordinateSpaceModel = TypedDict(
    "CommonCoordinateSpaceModel",
    {
        "@context": "VocabModel",
        "@id": "str",
        "@type": "Literal['siibra-0.4/space']",
        "anatomicalAxesOrientation": "SiibraAtIdModel",
        "axesOrigin": "list[AxesOrigin]",
        "defaultImage": "list[VolumeModel]",
        "digitalIdentifier": "None",
        "fullName": "str",
        "homepage": "None",
        "howToCite": "None",
        "nativeUnit": "SiibraAtIdModel",
        "ontologyIdentifier": "None",
        "releaseDate": "str",
        "shortName": "str",
        "versionIdentifier": "str",
        "datasets": "list[EbrainsDatasetModel]",
    },
)


CoordinatePointModel = TypedDict(
    "CoordinatePointModel",
    {
        "@context": "VocabModel",
        "@id": "str",
        "@type": "Literal['siibra-0.4/point']",
        "coordinateSpace": "SiibraAtIdModel",
        "coordinates": "list[api__models__openminds__SANDS__v3__miscellaneous__coordinatePoint__Coordinates]",
    },
)


DataFrameModel = TypedDict(
    "DataFrameModel",
    {
        "@type": "None",
        "index": "list[Any]",
        "columns": "list[Any]",
        "ndim": "int",
        "data": "list[list[Any]] | None",
    },
)


EbrainsDatasetModel = TypedDict(
    "EbrainsDatasetModel",
    {
        "@id": "str",
        "@type": "None",
        "name": "str",
        "urls": "list[EbrainsDsUrl]",
        "description": "str | None",
        "contributors": "list[EbrainsDsPerson]",
        "ebrains_page": "str | None",
        "custodians": "list[EbrainsDsPerson]",
    },
)


EbrainsDsPerson = TypedDict(
    "EbrainsDsPerson",
    {
        "@id": "str",
        "@type": "None",
        "schema.org/shortName": "str | None",
        "identifier": "str",
        "shortName": "str",
        "name": "str",
    },
)


EbrainsDsUrl = TypedDict(
    "EbrainsDsUrl",
    {
        "@type": "None",
        "url": "str",
    },
)


Error = TypedDict(
    "Error",
    {
        "error": "Literal[True]",
        "status_code": "int",
        "message": "str",
    },
)


FeatureMetaModel = TypedDict(
    "FeatureMetaModel",
    {
        "name": "str",
        "display_name": "str",
        "path": "str | None",
        "query_params": "list[str] | None",
        "required_query_params": "list[str] | None",
        "optional_query_params": "list[str] | None",
        "path_params": "list[str] | None",
        "category": "str | None",
    },
)


FeatureModel: TypeAlias = "SiibraVoiModel | SiibraCorticalProfileModel | SiibraRegionalConnectivityModel | SiibraReceptorDensityFp | SiibraTabularModel | SiibraEbrainsDataFeatureModel"


GeneModel = TypedDict(
    "GeneModel",
    {
        "@type": "Literal['siibra-0.4/vocabulary/gene']",
        "symbol": "str",
        "description": "str",
    },
)


HasAnnotation = TypedDict(
    "HasAnnotation",
    {
        "@context": "VocabModel",
        "bestViewPoint": "BestViewPoint | None",
        "criteria": "None",
        "criteriaQualityType": "SiibraAtIdModel",
        "displayColor": "str | None",
        "inspiredBy": "list[SiibraAtIdModel] | None",
        "internalIdentifier": "str",
        "laterality": "None",
        "visualizedIn": "None",
    },
)


HasTerminologyVersion = TypedDict(
    "HasTerminologyVersion",
    {
        "@context": "VocabModel",
        "definedIn": "None",
        "hasEntityVersion": "list[SiibraAtIdModel]",
        "ontologyIdentifier": "None",
    },
)


LocationModel = TypedDict(
    "LocationModel",
    {
        "@type": "Literal['siibra-0.4/location']",
        "space": "SiibraAtIdModel",
    },
)


MapIndexModel = TypedDict(
    "MapIndexModel",
    {
        "@type": "None",
        "volume": "int",
        "label": "int | None",
        "fragment": "str | None",
    },
)


MapModel = TypedDict(
    "MapModel",
    {
        "@id": "str",
        "@type": "None",
        "name": "str",
        "shortname": "str | None",
        "modality": "str | None",
        "description": "str | None",
        "publications": "list[SiibraPublication]",
        "datasets": "list[EbrainsDatasetModel]",
        "species": "str",
        "indices": "dict[str, list[MapIndexModel]]",
        "volumes": "list[VolumeModel]",
        "parcellation": "SiibraAtIdModel",
        "space": "SiibraAtIdModel",
        "maptype": "MapType",
    },
)


MapType: TypeAlias = "Literal['LABELLED', 'STATISTICAL']"


ParcellationEntityVersionModel = TypedDict(
    "ParcellationEntityVersionModel",
    {
        "@context": "VocabModel",
        "@id": "str",
        "@type": "Literal['siibra-0.4/region']",
        "hasAnnotation": "HasAnnotation | None",
        "hasParent": "list[SiibraAtIdModel] | None",
        "lookupLabel": "None",
        "name": "str",
        "ontologyIdentifier": "None",
        "relationAssessment": "None",
        "versionIdentifier": "str",
        "versionInnovation": "str | None",
        "parcellation": "NotRequired[ParcellationName]",
    },
)


ParcellationName = TypedDict(
    "ParcellationName",
    {
        "@id": "str",
        "name": "str",
    },
)


PlotlyFigure = TypedDict(
    "PlotlyFigure",
    {
        "data": "list[Any]",
        "layout": "dict[str, Any]",
    },
)


PlotlyTemplate: TypeAlias = "Literal['plotly', 'plotly_white', 'plotly_dark', 'ggplot2', 'seaborn', 'simple_white', 'none']"


Qualification: TypeAlias = "Literal['EXACT', 'OVERLAPS', 'CONTAINED', 'CONTAINS', 'APPROXIMATE', 'HOMOLOGOUS', 'OTHER_VERSION']"


ReceptorModel = TypedDict(
    "ReceptorModel",
    {
        "@type": "Literal['siibra-0.4/vocabulary/receptor']",
        "symbol": "str",
        "receptor": "dict[str, Any]",
        "neurotransmitter": "dict[str, Any]",
    },
)


RecordingConditionsModel = TypedDict(
    "RecordingConditionsModel",
    {
        "pathology": "list[str]",
        "pharmacology": "list[str]",
        "signal_quality": "list[str]",
    },
)


RegionLinks = TypedDict(
    "RegionLinks",
    {
        "position_mm": "list[float] | None",
        "explorer": "str | None",
        "neuroglancer": "dict[str, Any]",
    },
)


RegionOverviewModel = TypedDict(
    "RegionOverviewModel",
    {
        "region": "ParcellationEntityVersionModel",
        "parcellation": "dict[str, Any]",
        "space": "SiibraAtIdModel | None",
        "centre": "list[float] | None",
        "ancestors": "list[ParcellationEntityVersionModel]",
        "children": "list[ParcellationEntityVersionModel]",
        "related": "dict[str, Any]",
        "features": "list[dict[str, Any]]",
    },
)


RegionRelationAsmtModel = TypedDict(
    "RegionRelationAsmtModel",
    {
        "@type": "Literal['siibra-0.4/regionRelationAssessment']",
        "qualification": "Qualification",
        "query_structure": "ParcellationEntityVersionModel",
        "assigned_structure": "ParcellationEntityVersionModel",
        "assigned_structure_parcellation": "SiibraParcellationModel",
    },
)


SiibraAnatomicalAssignmentModel = TypedDict(
    "SiibraAnatomicalAssignmentModel",
    {
        "@type": "Literal['siibra-0.4/anatomical_assignment']",
        "qualification": "str",
        "query_structure": "ParcellationEntityVersionModel",
        "assigned_structure": "ParcellationEntityVersionModel",
        "explanation": "str",
    },
)


SiibraAnchorModel = TypedDict(
    "SiibraAnchorModel",
    {
        "@type": "Literal['siibra-0.4/anchor']",
        "location": "None | CoordinatePointModel | LocationModel",
        "regions": "list[SiibraRegionAssignmentQual]",
        "last_match_description": "str",
        "last_match_result": "list[SiibraAnatomicalAssignmentModel]",
    },
)


SiibraAtIdModel = TypedDict(
    "SiibraAtIdModel",
    {
        "@id": "str",
    },
)


SiibraAtlasModel = TypedDict(
    "SiibraAtlasModel",
    {
        "@id": "str",
        "@type": "Literal['siibra-0.4/atlas']",
        "name": "str",
        "spaces": "list[SiibraAtIdModel]",
        "parcellations": "list[SiibraAtIdModel]",
        "species": "str",
    },
)


SiibraCorticalProfileModel = TypedDict(
    "SiibraCorticalProfileModel",
    {
        "@type": "Literal['siibra-0.4/feature/tabular/cortical_profile']",
        "id": "str",
        "modality": "str | None",
        "category": "str",
        "description": "str",
        "name": "str",
        "datasets": "list[EbrainsDatasetModel]",
        "anchor": "SiibraAnchorModel | None",
        "data": "DataFrameModel | None",
        "unit": "str | None",
        "boundary_positions": "dict[str, float]",
        "boundaries_mapped": "bool",
    },
)


SiibraEbrainsDataFeatureModel = TypedDict(
    "SiibraEbrainsDataFeatureModel",
    {
        "@type": "Literal['siibra-0.4/feature/ebrains_datafeature']",
        "id": "str",
        "modality": "str | None",
        "category": "str",
        "description": "str",
        "name": "str",
        "datasets": "list[EbrainsDatasetModel]",
        "anchor": "SiibraAnchorModel | None",
        "data": "None",
        "neurotransmitters": "None",
        "receptors": "None",
    },
)


SiibraParcellationModel = TypedDict(
    "SiibraParcellationModel",
    {
        "@id": "str",
        "@type": "Literal['siibra-0.4/parcellation']",
        "name": "str",
        "modality": "str | None",
        "datasets": "list[EbrainsDatasetModel]",
        "brainAtlasVersions": "list[BrainAtlasVersionModel]",
        "version": "SiibraParcellationVersionModel | None",
        "shortname": "str | None",
    },
)


SiibraParcellationVersionModel = TypedDict(
    "SiibraParcellationVersionModel",
    {
        "@type": "Literal['siibra-0.4/parcellation_version']",
        "name": "str",
        "deprecated": "bool | None",
        "collection": "str | None",
        "prev": "SiibraAtIdModel | None",
        "next": "SiibraAtIdModel | None",
    },
)


SiibraPublication = TypedDict(
    "SiibraPublication",
    {
        "@type": "None",
        "citation": "str",
        "url": "str",
    },
)


SiibraReceptorDensityFp = TypedDict(
    "SiibraReceptorDensityFp",
    {
        "@type": "Literal['siibra-0.4/feature/tabular/receptor_density_fp']",
        "id": "str",
        "modality": "str | None",
        "category": "str",
        "description": "str",
        "name": "str",
        "datasets": "list[EbrainsDatasetModel]",
        "anchor": "SiibraAnchorModel | None",
        "data": "DataFrameModel | None",
        "neurotransmitters": "list[str] | None",
        "receptors": "list[str] | None",
    },
)


SiibraRegionAssignmentQual = TypedDict(
    "SiibraRegionAssignmentQual",
    {
        "@type": "None",
        "region": "ParcellationEntityVersionModel",
        "qualification": "str",
    },
)


SiibraRegionalConnectivityModel = TypedDict(
    "SiibraRegionalConnectivityModel",
    {
        "@type": "Literal['siibra-0.4/feature/regional_connectivity']",
        "id": "str",
        "modality": "str | None",
        "category": "str",
        "description": "str",
        "name": "str",
        "datasets": "list[EbrainsDatasetModel]",
        "anchor": "SiibraAnchorModel | None",
        "cohort": "str",
        "subjects": "list[str]",
        "matrices": "dict[str, DataFrameModel] | None",
    },
)


SiibraTabularModel = TypedDict(
    "SiibraTabularModel",
    {
        "@type": "Literal['siibra-0.4/feature/tabular']",
        "id": "str",
        "modality": "str | None",
        "category": "str",
        "description": "str",
        "name": "str",
        "datasets": "list[EbrainsDatasetModel]",
        "anchor": "SiibraAnchorModel | None",
        "data": "DataFrameModel | None",
        "neurotransmitters": "None",
        "receptors": "None",
        "cohort": "NotRequired[str]",
        "subjects": "NotRequired[list[str]]",
    },
)


SiibraVoiModel = TypedDict(
    "SiibraVoiModel",
    {
        "@type": "Literal['siibra-0.4/feature/volume_of_interest', 'siibra-0.4/feature/image']",
        "id": "str",
        "modality": "str | None",
        "category": "str",
        "description": "str",
        "name": "str",
        "datasets": "list[EbrainsDatasetModel]",
        "anchor": "SiibraAnchorModel | None",
        "volume": "VolumeModel",
        "boundingbox": "BoundingBoxModel | None",
    },
)


StatisticModelInfo = TypedDict(
    "StatisticModelInfo",
    {
        "min": "float",
        "max": "float",
    },
)


StructureAt = TypedDict(
    "StructureAt",
    {
        "@id": "str | None",
        "name": "str | None",
        "acronym": "str | None",
        "hemisphere": "Literal['left', 'right'] | None",
    },
)


TaskIdResp = TypedDict(
    "TaskIdResp",
    {
        "task_id": "str",
        "status": "Literal['PENDING', 'SUCCESS', 'FAILURE']",
        "progress": "NotRequired[float]",
        "doing": "NotRequired[str]",
    },
)


TaskModel = TypedDict(
    "TaskModel",
    {
        "task_id": "str",
        "status": "Literal['PENDING', 'STARTED', 'SUCCESS', 'FAILURE']",
        "progress": "float",
        "doing": "str",
        "result": "str | None",
        "detail": "str | None",
    },
)


TransformedPoints = TypedDict(
    "TransformedPoints",
    {
        "target_points": "list[list[float]]",
    },
)


VocabModel = TypedDict(
    "VocabModel",
    {
        "@vocab": "str",
    },
)


VolumeModel = TypedDict(
    "VolumeModel",
    {
        "@type": "None",
        "name": "str",
        "formats": "list[str]",
        "providesMesh": "bool",
        "providesImage": "bool",
        "fragments": "dict[str, list[str]]",
        "variant": "str | None",
        "providedVolumes": "dict[str, str | dict[str, str]]",
        "space": "SiibraAtIdModel",
        "datasets": "list[EbrainsDatasetModel]",
    },
)


WarpedPoints = TypedDict(
    "WarpedPoints",
    {
        "points": "list[list[float] | None]",
    },
)


api__models__openminds__SANDS__v3__atlas__parcellationEntityVersion__Coordinates = TypedDict(
    "api__models__openminds__SANDS__v3__atlas__parcellationEntityVersion__Coordinates",
    {
        "@context": "VocabModel",
        "typeOfUncertainty": "None",
        "uncertainty": "None",
        "unit": "None",
        "value": "float",
    },
)


api__models__openminds__SANDS__v3__miscellaneous__coordinatePoint__Coordinates = TypedDict(
    "api__models__openminds__SANDS__v3__miscellaneous__coordinatePoint__Coordinates",
    {
        "@context": "VocabModel",
        "typeOfUncertainty": "None",
        "uncertainty": "None",
        "unit": "None",
        "value": "float",
    },
)


PostAssignPointsBody = TypedDict(
    "PostAssignPointsBody",
    {
        "points": "list[list[float]]",
        "sigma_mm": "NotRequired[float | list[float]]",
        "ids": "NotRequired[list[str | float]]",
    },
)


PostWarpPointsBody = TypedDict(
    "PostWarpPointsBody",
    {
        "points": "list[list[float]]",
    },
)


PostColorizedMapBody = TypedDict(
    "PostColorizedMapBody",
    {
        "values": "dict[str, float]",
    },
)


PostPointDensityBody = TypedDict(
    "PostPointDensityBody",
    {
        "points": "list[list[float]]",
        "sigma_mm": "NotRequired[float | list[float]]",
        "ids": "NotRequired[list[str | float]]",
    },
)
