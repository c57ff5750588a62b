"""Made from the OpenAPI document by `npm run client:types`: not to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .models import *
from .sending import Body, Sender

if TYPE_CHECKING:
    import nibabel
    import pandas


class Routes:
    """Every route, by the name that the documentation gives it: JSON as dictionaries, files as bytes."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender


    def get_all_atlases(
        self,
        *,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraAtlasModel]:
        """List the atlases.

        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraAtlasModel] = self._sender.json("GET", "/atlases", {"page": page, "size": size, "fields": fields})
        return answer


    def get_single_atlas(
        self,
        atlas_id: str,
        *,
        fields: list[str] | None = None,
    ) -> SiibraAtlasModel:
        """One atlas: its species, spaces and parcellations.

        atlas_id: Id, key or name of an atlas.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: SiibraAtlasModel = self._sender.json("GET", f"/atlases/{self._sender.part(atlas_id)}", {"fields": fields})
        return answer


    def get_all_spaces(
        self,
        *,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[CommonCoordinateSpaceModel]:
        """List the reference spaces.

        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[CommonCoordinateSpaceModel] = self._sender.json("GET", "/spaces", {"page": page, "size": size, "fields": fields})
        return answer


    def get_single_space(
        self,
        space_id: str,
        *,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> CommonCoordinateSpaceModel:
        """One reference space: its templates and data sets.

        space_id: Id, key or name of a reference space.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: CommonCoordinateSpaceModel = self._sender.json("GET", f"/spaces/{self._sender.part(space_id)}", {"format": format, "fields": fields})
        return answer


    def get_all_parcellations(
        self,
        *,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraParcellationModel]:
        """List the parcellations.

        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraParcellationModel] = self._sender.json("GET", "/parcellations", {"page": page, "size": size, "fields": fields})
        return answer


    def get_single_parcellation(
        self,
        parcellation_id: str,
        *,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> SiibraParcellationModel:
        """One parcellation: its version, modality and data sets.

        parcellation_id: Id, key or name of a parcellation.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: SiibraParcellationModel = self._sender.json("GET", f"/parcellations/{self._sender.part(parcellation_id)}", {"format": format, "fields": fields})
        return answer


    def get_all_regions(
        self,
        *,
        parcellation_id: str | None = None,
        find: str | None = None,
        atlas_id: str | None = None,
        species: str | None = None,
        within: str | None = None,
        leaf: Literal['true', 'false'] | None = None,
        label: int | None = None,
        page: int | None = None,
        size: int | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
        fields: list[str] | None = None,
    ) -> Page[ParcellationEntityVersionModel]:
        """List or search the regions of a parcellation, or search all parcellations.

        parcellation_id: Id, key or name of a parcellation. May be left out where `find` is given: then all of them are searched.
        find: Words, or a regular expression between slashes, e.g. `/^hoc[12]/i`.
        atlas_id: Id, key or name of an atlas.
        species: Only parcellations of that species: its name, or its id in the knowledge graph.
        within: Only that region and its parts. Of several parcellations, those that have none like it are left out.
        leaf: `true`: only regions without parts; `false`: only those with parts.
        label: Only regions that a labelled map of the parcellation draws with that label.
        page: Page, from 1.
        size: Items per page.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[ParcellationEntityVersionModel] = self._sender.json("GET", "/regions", {"parcellation_id": parcellation_id, "find": find, "atlas_id": atlas_id, "species": species, "within": within, "leaf": leaf, "label": label, "page": page, "size": size, "format": format, "provenance": provenance, "fields": fields})
        return answer


    def get_all_features_region(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        find: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[FeatureModel]:
        """All features anchored at a region.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[FeatureModel] = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}/features", {"parcellation_id": parcellation_id, "type": type, "find": find, "include": include, "page": page, "size": size, "fields": fields})
        return answer


    def get_related_region(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[RegionRelationAsmtModel]:
        """Regions of other parcellations, and of other species, that correspond to a region.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[RegionRelationAsmtModel] = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}/related", {"parcellation_id": parcellation_id, "page": page, "size": size, "fields": fields})
        return answer


    def get_single_regions(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        space_id: str | None = None,
        extent: Literal['parts', 'own', 'drawn'] | None = None,
        fields: list[str] | None = None,
    ) -> ParcellationEntityVersionModel:
        """One region; with a space also where its centre lies there.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        extent: Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: ParcellationEntityVersionModel = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}", {"parcellation_id": parcellation_id, "space_id": space_id, "extent": extent, "fields": fields})
        return answer


    def get_siibra_map(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        map_type: MapType,
        fields: list[str] | None = None,
    ) -> MapModel:
        """The map of a parcellation in a space.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        map_type: One label per voxel, or one volume of probabilities per region.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: MapModel = self._sender.json("GET", "/map", {"parcellation_id": parcellation_id, "space_id": space_id, "map_type": map_type, "fields": fields})
        return answer


    def filter_map(
        self,
        *,
        parcellation_id: str | None = None,
        space_id: str | None = None,
        map_type: MapType | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[MapModel]:
        """List the maps, by parcellation, space and type.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        map_type: One label per voxel, or one volume of probabilities per region.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[MapModel] = self._sender.json("GET", "/maps", {"parcellation_id": parcellation_id, "space_id": space_id, "map_type": map_type, "page": page, "size": size, "fields": fields})
        return answer


    def single_map(
        self,
        map_id: str,
        *,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> MapModel:
        """One map: its volumes, and where in them each region is drawn.

        map_id: Id of a map, as listings give it.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: MapModel = self._sender.json("GET", f"/maps/{self._sender.part(map_id)}", {"format": format, "fields": fields})
        return answer


    def genes(
        self,
        *,
        find: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[GeneModel]:
        """Gene symbols that gene expressions can be asked for.

        find: Words, or a regular expression between slashes, e.g. `/^hoc[12]/i`.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[GeneModel] = self._sender.json("GET", "/vocabularies/genes", {"find": find, "page": page, "size": size, "fields": fields})
        return answer


    def get_resampled_map(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        name: str | None = None,
    ) -> bytes:
        """The template of a space on the grid of the labelled map of a parcellation (.nii.gz).

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        name: Part of the name of the map, where the parcellation has several in this space.
        """
        answer: bytes = self._sender.bytes("GET", "/map/resampled_template", {"parcellation_id": parcellation_id, "space_id": space_id, "name": name})
        return answer


    def get_parcellation_labelled_map(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        region_id: str | None = None,
        extent: Literal['parts', 'own', 'drawn'] | None = None,
        fragment: str | None = None,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> bytes:
        """The labelled map of a parcellation, or the mask of one region.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        extent: Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        resolution_mm: In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution.
        max_voxels: More voxels than this are refused (422, which says what would be possible). Default 16777216.
        """
        answer: bytes = self._sender.bytes("GET", "/map/labelled_map.nii.gz", {"parcellation_id": parcellation_id, "space_id": space_id, "region_id": region_id, "extent": extent, "fragment": fragment, "bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def get_region_statistical_map(
        self,
        *,
        parcellation_id: str,
        region_id: str,
        space_id: str,
        name: str | None = None,
        fragment: str | None = None,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> bytes:
        """The statistical (probability) map of one region.

        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        space_id: Id, key or name of a reference space.
        name: Part of the name of the map, where the parcellation has several in this space.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        resolution_mm: In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution.
        max_voxels: More voxels than this are refused (422, which says what would be possible). Default 16777216.
        """
        answer: bytes = self._sender.bytes("GET", "/map/statistical_map.nii.gz", {"parcellation_id": parcellation_id, "region_id": region_id, "space_id": space_id, "name": name, "fragment": fragment, "bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def get_region_statistical_map_metadata(
        self,
        *,
        parcellation_id: str,
        region_id: str,
        space_id: str,
        name: str | None = None,
        fragment: str | None = None,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
        fields: list[str] | None = None,
    ) -> StatisticModelInfo:
        """Smallest and largest value of the statistical map of one region.

        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        space_id: Id, key or name of a reference space.
        name: Part of the name of the map, where the parcellation has several in this space.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        resolution_mm: In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution.
        max_voxels: More voxels than this are refused (422, which says what would be possible). Default 16777216.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: StatisticModelInfo = self._sender.json("GET", "/map/statistical_map.info.json", {"parcellation_id": parcellation_id, "region_id": region_id, "space_id": space_id, "name": name, "fragment": fragment, "bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels, "fields": fields})
        return answer


    def get_assign_point(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        point: str,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        sigma_mm: float | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
    ) -> DataFrameModel:
        """The regions that a point belongs to, with scores.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        point: Coordinates in mm: `-8.75mm,-88.25mm,1.5mm`, `-8.75, -88.25, 1.5` or `[-8.75, -88.25, 1.5]`.
        assignment_type: Which map the point is looked up in.
        sigma_mm: Uncertainty of the point, in mm (standard deviation). Below three voxels of the map it does not count, as in siibra-python: the point is taken as exact, and the header `x-siibra-note` says so.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("GET", "/map/assign", {"parcellation_id": parcellation_id, "space_id": space_id, "point": point, "assignment_type": assignment_type, "sigma_mm": sigma_mm, "format": format, "provenance": provenance})
        return answer


    def post_assign_points(
        self,
        body: PostAssignPointsBody | Body,
        *,
        space_id: str,
        parcellation_id: str | None = None,
        parcellation_ids: list[str] | None = None,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        sigma_mm: float | None = None,
        point_space_id: str | None = None,
        lower_threshold: float | None = None,
        level: int | None = None,
        summary: Literal['region'] | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
        content_type: str | None = None,
    ) -> DataFrameModel:
        """The regions that many points belong to, with scores.

        parcellation_id: Id, key or name of a parcellation.
        parcellation_ids: Several parcellations in one go, by repeating the parameter; the answer then has a column `parcellation_id`.
        space_id: Id, key or name of a reference space.
        assignment_type: Which map the points are looked up in.
        sigma_mm: Uncertainty of all points that have none of their own, in mm. Below three voxels of the map it does not count.
        point_space_id: Space of the points, where it is not that of the map: they are moved first.
        lower_threshold: Exact points in statistical maps: only values above it.
        level: Names the region at that depth of the tree instead (1: the outermost ones).
        summary: How many points lie in each region, instead of a row for each of them.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("POST", "/map/assign", {"parcellation_id": parcellation_id, "parcellation_ids": parcellation_ids, "space_id": space_id, "assignment_type": assignment_type, "sigma_mm": sigma_mm, "point_space_id": point_space_id, "lower_threshold": lower_threshold, "level": level, "summary": summary, "format": format, "provenance": provenance}, body, content_type)
        return answer


    def warp_points(
        self,
        space_id: str,
        *,
        target_space_id: str,
        point: list[str],
        fields: list[str] | None = None,
    ) -> WarpedPoints:
        """Where some points lie in another space.

        space_id: Id, key or name of a reference space.
        target_space_id: Id, key or name of the space that the points go to.
        point: Coordinates in mm, as for `/map/assign`; several by repeating the parameter.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: WarpedPoints = self._sender.json("GET", f"/spaces/{self._sender.part(space_id)}/warp", {"target_space_id": target_space_id, "point": point, "fields": fields})
        return answer


    def post_warp_points(
        self,
        space_id: str,
        body: PostWarpPointsBody,
        *,
        target_space_id: str,
    ) -> WarpedPoints:
        """Where many points lie in another space.

        space_id: Id, key or name of a reference space.
        target_space_id: Id, key or name of the space that the points go to.
        """
        answer: WarpedPoints = self._sender.json("POST", f"/spaces/{self._sender.part(space_id)}/warp", {"target_space_id": target_space_id}, body, None)
        return answer


    def get_region_ancestors(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[ParcellationEntityVersionModel]:
        """What a region is a part of, the outermost first.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[ParcellationEntityVersionModel] = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}/ancestors", {"parcellation_id": parcellation_id, "page": page, "size": size, "fields": fields})
        return answer


    def get_region_descendants(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[ParcellationEntityVersionModel]:
        """All parts of a region, each before its own parts.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[ParcellationEntityVersionModel] = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}/descendants", {"parcellation_id": parcellation_id, "page": page, "size": size, "fields": fields})
        return answer


    def get_region_siblings(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[ParcellationEntityVersionModel]:
        """The other parts of what a region is a part of.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[ParcellationEntityVersionModel] = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}/siblings", {"parcellation_id": parcellation_id, "page": page, "size": size, "fields": fields})
        return answer


    def get_region_links(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        space_id: str,
        fields: list[str] | None = None,
    ) -> RegionLinks:
        """Addresses at which siibra-explorer and neuroglancer show a region.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: RegionLinks = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}/links", {"parcellation_id": parcellation_id, "space_id": space_id, "fields": fields})
        return answer


    def get_structure_at(
        self,
        space_id: str,
        *,
        parcellation_id: str,
        point: str,
        level: int | None = None,
        fields: list[str] | None = None,
    ) -> StructureAt:
        """The region at a point: its name, its acronym, and on which side it lies.

        space_id: Id, key or name of a reference space.
        parcellation_id: Id, key or name of a parcellation.
        point: Coordinates in mm, as for `/map/assign`.
        level: Names the region at that depth of the tree instead (1: the outermost ones).
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: StructureAt = self._sender.json("GET", f"/spaces/{self._sender.part(space_id)}/structure_at", {"parcellation_id": parcellation_id, "point": point, "level": level, "fields": fields})
        return answer


    def get_slice_png(
        self,
        *,
        space_id: str,
        parcellation_id: str | None = None,
        region_id: str | None = None,
        map_type: MapType | None = None,
        colors: str | None = None,
        background: str | None = None,
        plane: Literal['axial', 'coronal', 'sagittal', 'horizontal'] | None = None,
        at_mm: float | None = None,
        size: int | None = None,
    ) -> bytes:
        """A slice of a space with the regions of a parcellation (PNG).

        space_id: Id, key or name of a reference space.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        map_type: What is drawn over the template: labelled regions (default), or the statistical map of the region.
        colors: JSON with a number or a colour (`#rrggbb`) for each region, in place of their own colours: numbers go from the least to the largest through the ramp; parts of a region have its value unless they have one; regions without one are not drawn.
        background: `light`, `dark`, `transparent`, or a colour as `#rrggbb`.
        plane: `horizontal` is another word for `axial`.
        at_mm: Where the plane cuts its axis, in mm; else through the region, or the middle of the space.
        size: Pixels of the longest side of the space that is seen.
        """
        answer: bytes = self._sender.bytes("GET", "/map/slice.png", {"space_id": space_id, "parcellation_id": parcellation_id, "region_id": region_id, "map_type": map_type, "colors": colors, "background": background, "plane": plane, "at_mm": at_mm, "size": size})
        return answer


    def get_slice_svg(
        self,
        *,
        space_id: str,
        parcellation_id: str | None = None,
        region_id: str | None = None,
        map_type: MapType | None = None,
        colors: str | None = None,
        background: str | None = None,
        plane: Literal['axial', 'coronal', 'sagittal', 'horizontal'] | None = None,
        at_mm: float | None = None,
        size: int | None = None,
    ) -> bytes:
        """A slice of a space with the regions of a parcellation (SVG).

        space_id: Id, key or name of a reference space.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        map_type: What is drawn over the template: labelled regions (default), or the statistical map of the region.
        colors: JSON with a number or a colour (`#rrggbb`) for each region, in place of their own colours: numbers go from the least to the largest through the ramp; parts of a region have its value unless they have one; regions without one are not drawn.
        background: `light`, `dark`, `transparent`, or a colour as `#rrggbb`.
        plane: `horizontal` is another word for `axial`.
        at_mm: Where the plane cuts its axis, in mm; else through the region, or the middle of the space.
        size: Pixels of the longest side of the space that is seen.
        """
        answer: bytes = self._sender.bytes("GET", "/map/slice.svg", {"space_id": space_id, "parcellation_id": parcellation_id, "region_id": region_id, "map_type": map_type, "colors": colors, "background": background, "plane": plane, "at_mm": at_mm, "size": size})
        return answer


    def get_picture_png(
        self,
        *,
        space_id: str,
        parcellation_id: str | None = None,
        region_id: str | None = None,
        map_type: MapType | None = None,
        colors: str | None = None,
        background: str | None = None,
        size: int | None = None,
    ) -> bytes:
        """Three planes through a region, or through the middle of a space (PNG).

        space_id: Id, key or name of a reference space.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        map_type: What is drawn over the template: labelled regions (default), or the statistical map of the region.
        colors: JSON with a number or a colour (`#rrggbb`) for each region, in place of their own colours: numbers go from the least to the largest through the ramp; parts of a region have its value unless they have one; regions without one are not drawn.
        background: `light`, `dark`, `transparent`, or a colour as `#rrggbb`.
        size: Pixels of the longest side of the space that is seen.
        """
        answer: bytes = self._sender.bytes("GET", "/map/picture.png", {"space_id": space_id, "parcellation_id": parcellation_id, "region_id": region_id, "map_type": map_type, "colors": colors, "background": background, "size": size})
        return answer


    def get_region_mesh_gii(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        region_id: str | None = None,
        extent: Literal['parts', 'own', 'drawn'] | None = None,
        fragment: str | None = None,
        variant: str | None = None,
        smooth: int | None = None,
        decimate: float | None = None,
    ) -> bytes:
        """The mesh of a region, or of a whole parcellation (GII).

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        extent: Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        variant: Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out.
        smooth: Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away.
        decimate: How many of the triangles are left: above 0, up to 1 (all of them).
        """
        answer: bytes = self._sender.bytes("GET", "/map/mesh.gii", {"parcellation_id": parcellation_id, "space_id": space_id, "region_id": region_id, "extent": extent, "fragment": fragment, "variant": variant, "smooth": smooth, "decimate": decimate})
        return answer


    def get_template_mesh_gii(
        self,
        space_id: str,
        *,
        fragment: str | None = None,
        variant: str | None = None,
        smooth: int | None = None,
        decimate: float | None = None,
    ) -> bytes:
        """The surface of a space (GII).

        space_id: Id, key or name of a reference space.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        variant: Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out.
        smooth: Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away.
        decimate: How many of the triangles are left: above 0, up to 1 (all of them).
        """
        answer: bytes = self._sender.bytes("GET", f"/spaces/{self._sender.part(space_id)}/mesh.gii", {"fragment": fragment, "variant": variant, "smooth": smooth, "decimate": decimate})
        return answer


    def get_region_mesh_glb(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        region_id: str | None = None,
        extent: Literal['parts', 'own', 'drawn'] | None = None,
        fragment: str | None = None,
        variant: str | None = None,
        smooth: int | None = None,
        decimate: float | None = None,
    ) -> bytes:
        """The mesh of a region, or of a whole parcellation (GLB).

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        extent: Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        variant: Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out.
        smooth: Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away.
        decimate: How many of the triangles are left: above 0, up to 1 (all of them).
        """
        answer: bytes = self._sender.bytes("GET", "/map/mesh.glb", {"parcellation_id": parcellation_id, "space_id": space_id, "region_id": region_id, "extent": extent, "fragment": fragment, "variant": variant, "smooth": smooth, "decimate": decimate})
        return answer


    def get_template_mesh_glb(
        self,
        space_id: str,
        *,
        fragment: str | None = None,
        variant: str | None = None,
        smooth: int | None = None,
        decimate: float | None = None,
    ) -> bytes:
        """The surface of a space (GLB).

        space_id: Id, key or name of a reference space.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        variant: Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out.
        smooth: Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away.
        decimate: How many of the triangles are left: above 0, up to 1 (all of them).
        """
        answer: bytes = self._sender.bytes("GET", f"/spaces/{self._sender.part(space_id)}/mesh.glb", {"fragment": fragment, "variant": variant, "smooth": smooth, "decimate": decimate})
        return answer


    def get_region_mesh_obj(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        region_id: str | None = None,
        extent: Literal['parts', 'own', 'drawn'] | None = None,
        fragment: str | None = None,
        variant: str | None = None,
        smooth: int | None = None,
        decimate: float | None = None,
    ) -> bytes:
        """The mesh of a region, or of a whole parcellation (OBJ).

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        extent: Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        variant: Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out.
        smooth: Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away.
        decimate: How many of the triangles are left: above 0, up to 1 (all of them).
        """
        answer: bytes = self._sender.bytes("GET", "/map/mesh.obj", {"parcellation_id": parcellation_id, "space_id": space_id, "region_id": region_id, "extent": extent, "fragment": fragment, "variant": variant, "smooth": smooth, "decimate": decimate})
        return answer


    def get_template_mesh_obj(
        self,
        space_id: str,
        *,
        fragment: str | None = None,
        variant: str | None = None,
        smooth: int | None = None,
        decimate: float | None = None,
    ) -> bytes:
        """The surface of a space (OBJ).

        space_id: Id, key or name of a reference space.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        variant: Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out.
        smooth: Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away.
        decimate: How many of the triangles are left: above 0, up to 1 (all of them).
        """
        answer: bytes = self._sender.bytes("GET", f"/spaces/{self._sender.part(space_id)}/mesh.obj", {"fragment": fragment, "variant": variant, "smooth": smooth, "decimate": decimate})
        return answer


    def get_labelled_surface(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        fragment: str | None = None,
    ) -> bytes:
        """A parcellation on a surface: the label of each vertex, with names and colours.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        fragment: Part of the name of a fragment, e.g. `left`; all of them where it is left out.
        """
        answer: bytes = self._sender.bytes("GET", "/map/labelled_surface.label.gii", {"parcellation_id": parcellation_id, "space_id": space_id, "fragment": fragment})
        return answer


    def search_features(
        self,
        *,
        find: str | None = None,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        modality: str | None = None,
        species: str | None = None,
        parcellation_id: str | None = None,
        region_id: str | None = None,
        space_id: str | None = None,
        bbox: str | None = None,
        licence: str | None = None,
        dataset_id: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[FeatureModel]:
        """Search the features of the configuration.

        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        modality: Words of the modality.
        species: Name of a species.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        space_id: Id, key or name of a reference space.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        licence: Words of the licence of one of the data sets.
        dataset_id: Id of a data set, or the end of it.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[FeatureModel] = self._sender.json("GET", "/features", {"find": find, "type": type, "modality": modality, "species": species, "parcellation_id": parcellation_id, "region_id": region_id, "space_id": space_id, "bbox": bbox, "licence": licence, "dataset_id": dataset_id, "include": include, "page": page, "size": size, "fields": fields})
        return answer


    def get_feature_matrix(
        self,
        *,
        parcellation_id: str,
        type: Literal['ReceptorDensityFingerprint', 'LayerwiseCellDensity', 'RegionalValues', 'GeneExpressions'] | None = None,
        gene: list[str] | None = None,
        measure: Literal['level', 'zscore'] | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
    ) -> DataFrameModel:
        """What was measured in the regions of a parcellation, as one table: receptors, layers or genes.

        parcellation_id: Id, key or name of a parcellation.
        type: What the columns are: receptors (fmol/mg), layers (cells per 0.1 mm3), what tables of regions have, genes. Not needed with `gene`.
        gene: Symbols of genes, by repeating the parameter or between commas; at most 20.
        measure: Of genes: the mean expression level, or the mean z-score, of all probes and samples.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("GET", "/feature/matrix", {"parcellation_id": parcellation_id, "type": type, "gene": gene, "measure": measure, "format": format, "provenance": provenance})
        return answer


    def get_region_overview(
        self,
        region_id: str,
        *,
        parcellation_id: str,
        space_id: str | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> RegionOverviewModel:
        """A region with its centre, ancestors, children, related regions, and the first features of each type.

        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        size: How many features of each type, and related regions, are told.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: RegionOverviewModel = self._sender.json("GET", f"/regions/{self._sender.part(region_id)}/overview", {"parcellation_id": parcellation_id, "space_id": space_id, "size": size, "fields": fields})
        return answer


    def citations(
        self,
        *,
        parcellation_id: list[str] | None = None,
        space_id: list[str] | None = None,
        map_id: list[str] | None = None,
        feature_id: list[str] | None = None,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> CitationsModel:
        """What is to be cited of parcellations, spaces, maps and features: publications and data sets, with their licences.

        parcellation_id: Ids of parcellations, by repeating the parameter.
        space_id: Ids of spaces, by repeating the parameter.
        map_id: Ids of maps, by repeating the parameter.
        feature_id: Ids of features, by repeating the parameter.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: CitationsModel = self._sender.json("GET", "/citations", {"parcellation_id": parcellation_id, "space_id": space_id, "map_id": map_id, "feature_id": feature_id, "format": format, "fields": fields})
        return answer


    def receptors(
        self,
        *,
        find: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[ReceptorModel]:
        """Receptors that tables of densities name, with their neurotransmitters.

        find: Words of symbols or names.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[ReceptorModel] = self._sender.json("GET", "/vocabularies/receptors", {"find": find, "page": page, "size": size, "fields": fields})
        return answer


    def recording_conditions(
        self,
        *,
        fields: list[str] | None = None,
    ) -> RecordingConditionsModel:
        """How recordings of local field potentials were made: values of `pathology`, `pharmacology`, `signal_quality`.

        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: RecordingConditionsModel = self._sender.json("GET", "/vocabularies/lfp", {"fields": fields})
        return answer


    def get_region_table(
        self,
        parcellation_id: str,
        *,
        space_id: str | None = None,
        map_type: Literal['LABELLED', 'STATISTICAL'] | None = None,
        within: str | None = None,
        level: int | None = None,
        leaf: Literal['true', 'false'] | None = None,
        columns: list[Literal['name', 'short_name', 'id', 'parent_id', 'path', 'depth', 'order', 'is_leaf', 'color', 'side', 'label', 'volume', 'fragment', 'voxels', 'volume_mm3', 'components', 'centroid_x_mm', 'centroid_y_mm', 'centroid_z_mm', 'bbox_min_x_mm', 'bbox_min_y_mm', 'bbox_min_z_mm', 'bbox_max_x_mm', 'bbox_max_y_mm', 'bbox_max_z_mm']] | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
    ) -> DataFrameModel:
        """All regions of a parcellation in one table: tree, colours, labels, sizes and centres.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Space whose map tells labels, volumes and fragments, and in whose voxels regions are measured.
        map_type: Of the map in that space. In a statistical map regions have no labels, and are not measured.
        within: Only that region and its parts.
        level: Only regions at that depth (1: the outermost ones).
        leaf: `true`: only regions without parts; `false`: only those with parts.
        columns: Only these columns, in this order, by repeating the parameter.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("GET", f"/parcellations/{self._sender.part(parcellation_id)}/region_table", {"space_id": space_id, "map_type": map_type, "within": within, "level": level, "leaf": leaf, "columns": columns, "format": format, "provenance": provenance})
        return answer


    def get_map_overlap(
        self,
        *,
        parcellation_id: str,
        other_parcellation_id: str,
        space_id: str,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
    ) -> DataFrameModel:
        """How the regions of two parcellations lie over each other.

        parcellation_id: Id, key or name of a parcellation.
        other_parcellation_id: Id, key or name of the parcellation that is laid over the first one.
        space_id: Id, key or name of a reference space.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("GET", "/map/overlap", {"parcellation_id": parcellation_id, "other_parcellation_id": other_parcellation_id, "space_id": space_id, "format": format, "provenance": provenance})
        return answer


    def get_template_cutout(
        self,
        space_id: str,
        *,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> bytes:
        """The template of a space, or a part of it.

        space_id: Id, key or name of a reference space.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        resolution_mm: In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution.
        max_voxels: More voxels than this are refused (422, which says what would be possible). Default 16777216.
        """
        answer: bytes = self._sender.bytes("GET", f"/spaces/{self._sender.part(space_id)}/template.nii.gz", {"bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def get_feature_image(
        self,
        feature_id: str,
        *,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> bytes:
        """An image feature, or a part of it, as a volume.

        feature_id: Id of a feature, as listings give it.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        resolution_mm: In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution.
        max_voxels: More voxels than this are refused (422, which says what would be possible). Default 16777216.
        """
        answer: bytes = self._sender.bytes("GET", f"/feature/{self._sender.part(feature_id)}/image.nii.gz", {"bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def get_map_zarr(
        self,
        map_id: str,
        key: str,
    ) -> bytes:
        """A labelled map as OME-Zarr 0.4: one of its files.

        map_id: Id of a map, as listings give it.
        key: A file of the Zarr: `.zattrs`, `0/.zarray`, `0/0/1/2` (level, then chunk along z, y, x) ...
        """
        answer: bytes = self._sender.bytes("GET", f"/maps/{self._sender.part(map_id)}/labelled.zarr/{self._sender.part(key)}", {})
        return answer


    def post_assign_image(
        self,
        body: Body,
        *,
        parcellation_id: str,
        space_id: str,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        split_components: bool | None = None,
        connectivity: Literal['full', 'faces'] | None = None,
        threshold: float | None = None,
        min_voxels: int | None = None,
        min_correlation: float | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
        content_type: str | None = None,
    ) -> DataFrameModel:
        """The regions that the components of an image belong to, with scores.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        assignment_type: Which map the image is looked up in.
        split_components: Whether each connected component of the image is looked up by itself.
        connectivity: Which voxels are connected: those that share a face, an edge or a corner, or faces alone.
        threshold: Voxels above it belong to components.
        min_voxels: Components with fewer voxels (of the map's grid) are left out.
        min_correlation: Rows with less are left out.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("POST", "/map/assign_image", {"parcellation_id": parcellation_id, "space_id": space_id, "assignment_type": assignment_type, "split_components": split_components, "connectivity": connectivity, "threshold": threshold, "min_voxels": min_voxels, "min_correlation": min_correlation, "format": format, "provenance": provenance}, body, content_type)
        return answer


    def post_clusters(
        self,
        body: Body,
        *,
        stat_threshold: float,
        cluster_extent: int | None = None,
        min_distance_mm: float | None = None,
        two_sided: bool | None = None,
        parcellation_ids: list[str] | None = None,
        space_id: str | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
        content_type: str | None = None,
    ) -> DataFrameModel:
        """The clusters of a statistical image and their peaks, with their regions.

        stat_threshold: Voxels above it belong to clusters; below it, where it is negative and only one side is wanted.
        cluster_extent: Smaller clusters (in voxels) are left out.
        min_distance_mm: Peaks of a cluster that are not farther from a higher one are left out.
        two_sided: Also what is below the negated threshold.
        parcellation_ids: Parcellations whose labelled maps tell the regions of peaks and clusters, by repeating the parameter.
        space_id: Id, key or name of the space that the image is in; needed where the parcellations have labelled maps in several.
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("POST", "/map/clusters", {"stat_threshold": stat_threshold, "cluster_extent": cluster_extent, "min_distance_mm": min_distance_mm, "two_sided": two_sided, "parcellation_ids": parcellation_ids, "space_id": space_id, "format": format, "provenance": provenance}, body, content_type)
        return answer


    def post_values(
        self,
        body: Body,
        *,
        parcellation_id: str,
        space_id: str,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        strategy: Literal['mean', 'median', 'sum', 'minimum', 'maximum', 'standard_deviation', 'variance'] | None = None,
        resampling_target: Literal['data', 'labels'] | None = None,
        format: Literal['json', 'csv', 'tsv', 'arrow', 'ndjson'] | None = None,
        provenance: Literal['0', '1'] | None = None,
        content_type: str | None = None,
    ) -> DataFrameModel:
        """Values of an image by region: a row for each of its volumes.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        assignment_type: Which map the image is looked up in.
        strategy: How the voxels of a region become a number: the names of nilearn's NiftiLabelsMasker. Statistical maps have a fit by least squares instead (NiftiMapsMasker).
        resampling_target: What goes to the grid of the other: `data`, the map to that of the image (labels by nearest neighbour); `labels`, the image to that of the map (third-order spline).
        format: Form of the answer; wins over the header `Accept`.
        provenance: `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.
        """
        answer: DataFrameModel = self._sender.json("POST", "/map/values", {"parcellation_id": parcellation_id, "space_id": space_id, "assignment_type": assignment_type, "strategy": strategy, "resampling_target": resampling_target, "format": format, "provenance": provenance}, body, content_type)
        return answer


    def post_colorized_map(
        self,
        body: PostColorizedMapBody | Body,
        *,
        parcellation_id: str,
        space_id: str,
        content_type: str | None = None,
    ) -> bytes:
        """A labelled map with values of regions instead of labels.

        parcellation_id: Id, key or name of a parcellation.
        space_id: Id, key or name of a reference space.
        """
        answer: bytes = self._sender.bytes("POST", "/map/colorized.nii.gz", {"parcellation_id": parcellation_id, "space_id": space_id}, body, content_type)
        return answer


    def post_point_density(
        self,
        body: PostPointDensityBody | Body,
        *,
        space_id: str,
        sigma_mm: float | None = None,
        resolution_mm: float | None = None,
        content_type: str | None = None,
    ) -> bytes:
        """How densely points lie in a space, as an image.

        space_id: Id, key or name of a reference space.
        sigma_mm: Standard deviation of the Gaussian, in mm; 0 gives the number of points in each voxel. `sigma_mm` of the body wins.
        resolution_mm: Size of the voxels of the image. Left out: the voxels of the template of the space.
        """
        answer: bytes = self._sender.bytes("POST", "/map/density.nii.gz", {"space_id": space_id, "sigma_mm": sigma_mm, "resolution_mm": resolution_mm}, body, content_type)
        return answer


    def get_all_feature_types(
        self,
        *,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[FeatureMetaModel]:
        """All types of features, and which route lists them.

        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[FeatureMetaModel] = self._sender.json("GET", "/feature/_types", {"page": page, "size": size, "fields": fields})
        return answer


    def get_all_connectivity_features(
        self,
        *,
        parcellation_id: str,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        find: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraRegionalConnectivityModel]:
        """List the connectivity data of a parcellation.

        parcellation_id: Id, key or name of a parcellation.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraRegionalConnectivityModel] = self._sender.json("GET", "/feature/RegionalConnectivity", {"parcellation_id": parcellation_id, "type": type, "find": find, "include": include, "page": page, "size": size, "fields": fields})
        return answer


    def get_single_connectivity_feature(
        self,
        feature_id: str,
        *,
        parcellation_id: str,
        subject: str | None = None,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        include: str | None = None,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> SiibraRegionalConnectivityModel:
        """One connectivity data set: the matrix of a subject, or the average of all.

        feature_id: Id of a feature, as listings give it.
        parcellation_id: Id, key or name of a parcellation.
        subject: One of the `subjects` of a connectivity data set or of time series.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: SiibraRegionalConnectivityModel = self._sender.json("GET", f"/feature/RegionalConnectivity/{self._sender.part(feature_id)}", {"parcellation_id": parcellation_id, "subject": subject, "type": type, "include": include, "format": format, "fields": fields})
        return answer


    def get_all_corticalprofile_features(
        self,
        *,
        parcellation_id: str,
        region_id: str,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        find: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraCorticalProfileModel]:
        """List the cortical profiles of a region.

        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraCorticalProfileModel] = self._sender.json("GET", "/feature/CorticalProfile", {"parcellation_id": parcellation_id, "region_id": region_id, "type": type, "find": find, "include": include, "page": page, "size": size, "fields": fields})
        return answer


    def get_single_corticalprofile_feature(
        self,
        feature_id: str,
        *,
        parcellation_id: str,
        region_id: str,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        include: str | None = None,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> SiibraCorticalProfileModel:
        """One cortical profile.

        feature_id: Id of a feature, as listings give it.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: SiibraCorticalProfileModel = self._sender.json("GET", f"/feature/CorticalProfile/{self._sender.part(feature_id)}", {"parcellation_id": parcellation_id, "region_id": region_id, "type": type, "include": include, "format": format, "fields": fields})
        return answer


    def get_all_tabular(
        self,
        *,
        parcellation_id: str,
        region_id: str,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        find: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        pathology: str | None = None,
        pharmacology: str | None = None,
        signal_quality: str | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraCorticalProfileModel | SiibraReceptorDensityFp | SiibraTabularModel]:
        """List the tabular features of a region.

        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        pathology: Only field potentials: of animals with that pathology. `/vocabularies/lfp` lists the values.
        pharmacology: Only field potentials: under that drug. `/vocabularies/lfp` lists the values.
        signal_quality: Only field potentials: of that quality. `/vocabularies/lfp` lists the values.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraCorticalProfileModel | SiibraReceptorDensityFp | SiibraTabularModel] = self._sender.json("GET", "/feature/Tabular", {"parcellation_id": parcellation_id, "region_id": region_id, "type": type, "find": find, "include": include, "page": page, "size": size, "pathology": pathology, "pharmacology": pharmacology, "signal_quality": signal_quality, "fields": fields})
        return answer


    def get_single_tabular(
        self,
        feature_id: str,
        *,
        parcellation_id: str,
        region_id: str,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        include: str | None = None,
        subject: str | None = None,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> SiibraCorticalProfileModel | SiibraReceptorDensityFp | SiibraTabularModel:
        """One tabular feature.

        feature_id: Id of a feature, as listings give it.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        subject: One of the `subjects` of a connectivity data set or of time series.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: SiibraCorticalProfileModel | SiibraReceptorDensityFp | SiibraTabularModel = self._sender.json("GET", f"/feature/Tabular/{self._sender.part(feature_id)}", {"parcellation_id": parcellation_id, "region_id": region_id, "type": type, "include": include, "subject": subject, "format": format, "fields": fields})
        return answer


    def get_all_voi(
        self,
        *,
        space_id: str,
        bbox: str | None = None,
        type: Literal['Feature', 'Tabular', 'CorticalProfile', 'BigBrainIntensityProfile', 'CellDensityProfile', 'GeneExpressions', 'LayerwiseBigBrainIntensities', 'LayerwiseCellDensity', 'ReceptorDensityFingerprint', 'ReceptorDensityProfile', 'RegionalTimeseriesActivity', 'RegionalBOLD', 'InterarealConnectivityMatrix', 'LocalFieldPotential', 'RegionalLocalFieldPotential', 'RegionalConnectivity', 'FunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths', 'TracingConnectivity', 'AnatomoFunctionalConnectivity', 'Image', 'CellBodyStainedVolumeOfInterest', 'BlockfaceVolumeOfInterest', 'DTIVolumeOfInterest', 'PLIVolumeOfInterest', 'MRIVolumeOfInterest', 'XPCTVolumeOfInterest', 'LSFMVolumeOfInterest', 'MorphometryVolumeOfInterest', 'CellbodyStainedSection', 'EbrainsDataFeature', 'MarmosetCalbindinDensityProfile', 'RegionalValues'] | None = None,
        find: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraVoiModel]:
        """List the images in a space, or in a bounding box of it.

        space_id: Id, key or name of a reference space.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        type: Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.
        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraVoiModel] = self._sender.json("GET", "/feature/Image", {"space_id": space_id, "bbox": bbox, "type": type, "find": find, "include": include, "page": page, "size": size, "fields": fields})
        return answer


    def get_all_gene(
        self,
        *,
        parcellation_id: str,
        region_id: str,
        gene: str,
        find: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraTabularModel]:
        """Gene expressions measured in a region.

        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        gene: Gene symbol, or several, separated by commas.
        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraTabularModel] = self._sender.json("GET", "/feature/GeneExpressions", {"parcellation_id": parcellation_id, "region_id": region_id, "gene": gene, "find": find, "include": include, "page": page, "size": size, "fields": fields})
        return answer


    def get_single_gene(
        self,
        feature_id: str,
        *,
        parcellation_id: str,
        region_id: str,
        gene: str,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> SiibraTabularModel:
        """One set of gene expressions.

        feature_id: Id of a feature, as listings give it.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        gene: Gene symbol, or several, separated by commas.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: SiibraTabularModel = self._sender.json("GET", f"/feature/GeneExpressions/{self._sender.part(feature_id)}", {"parcellation_id": parcellation_id, "region_id": region_id, "gene": gene, "include": include, "page": page, "size": size, "format": format, "fields": fields})
        return answer


    def get_all_ebrains_df(
        self,
        *,
        parcellation_id: str,
        region_id: str,
        find: str | None = None,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> Page[SiibraEbrainsDataFeatureModel]:
        """List the EBRAINS data sets about a region.

        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        find: Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: Page[SiibraEbrainsDataFeatureModel] = self._sender.json("GET", "/feature/EbrainsDataFeature", {"parcellation_id": parcellation_id, "region_id": region_id, "find": find, "include": include, "page": page, "size": size, "fields": fields})
        return answer


    def get_single_ebrains_df(
        self,
        feature_id: str,
        *,
        parcellation_id: str,
        region_id: str,
        include: str | None = None,
        page: int | None = None,
        size: int | None = None,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> SiibraEbrainsDataFeatureModel:
        """One EBRAINS data set.

        feature_id: Id of a feature, as listings give it.
        parcellation_id: Id, key or name of a parcellation.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        page: Page, from 1.
        size: Items per page.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: SiibraEbrainsDataFeatureModel = self._sender.json("GET", f"/feature/EbrainsDataFeature/{self._sender.part(feature_id)}", {"parcellation_id": parcellation_id, "region_id": region_id, "include": include, "page": page, "size": size, "format": format, "fields": fields})
        return answer


    def get_single_feature_plot(
        self,
        feature_id: str,
        *,
        template: Any | None = None,
        gene: str | None = None,
        subject: str | None = None,
        regions: str | None = None,
        fields: list[str] | None = None,
    ) -> PlotlyFigure:
        """A figure of a feature, for plotly.

        feature_id: Id of a feature, as listings give it.
        template: Look of the figure.
        gene: Gene symbol, or several, separated by commas.
        subject: One of the `subjects` of a connectivity data set or of time series.
        regions: Regions to plot: names, separated by blanks or commas.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: PlotlyFigure = self._sender.json("GET", f"/feature/{self._sender.part(feature_id)}/plotly", {"template": template, "gene": gene, "subject": subject, "regions": regions, "fields": fields})
        return answer


    def get_single_feature_download(
        self,
        feature_id: str,
        *,
        gene: str | None = None,
        subject: str | None = None,
        regions: str | None = None,
    ) -> bytes:
        """The data of a feature, as a zip archive.

        feature_id: Id of a feature, as listings give it.
        gene: Gene symbol, or several, separated by commas.
        subject: One of the `subjects` of a connectivity data set or of time series.
        regions: Regions to plot: names, separated by blanks or commas.
        """
        answer: bytes = self._sender.bytes("GET", f"/feature/{self._sender.part(feature_id)}/download", {"gene": gene, "subject": subject, "regions": regions})
        return answer


    def get_single_feature(
        self,
        feature_id: str,
        *,
        gene: str | None = None,
        subject: str | None = None,
        regions: str | None = None,
        include: str | None = None,
        format: Literal['json', 'bibtex', 'csl'] | None = None,
        fields: list[str] | None = None,
    ) -> FeatureModel:
        """One feature of any type, by its id alone.

        feature_id: Id of a feature, as listings give it.
        gene: Gene symbol, or several, separated by commas.
        subject: One of the `subjects` of a connectivity data set or of time series.
        regions: Regions to plot: names, separated by blanks or commas.
        include: What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.
        format: `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.
        fields: Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).
        """
        answer: FeatureModel = self._sender.json("GET", f"/feature/{self._sender.part(feature_id)}", {"gene": gene, "subject": subject, "regions": regions, "include": include, "format": format, "fields": fields})
        return answer


    def get_download_bundle(
        self,
        *,
        space_id: str | None = None,
        parcellation_id: str | None = None,
        bbox: str | None = None,
        region_id: str | None = None,
        feature_id: str | None = None,
        strict_mode: str | None = None,
        extent: Literal['parts', 'own', 'drawn'] | None = None,
    ) -> bytes:
        """Bundle a space, parcellation, region or feature into one archive.

        space_id: Id, key or name of a reference space.
        parcellation_id: Id, key or name of a parcellation.
        bbox: Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.
        region_id: Name, key or id of a region of the parcellation, or the `@id` that listings give.
        feature_id: Id of a feature, as listings give it.
        strict_mode: Where given, the bundle holds only the most special of region, parcellation and space.
        extent: Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing.
        """
        answer: bytes = self._sender.bytes("GET", "/atlas_download", {"space_id": space_id, "parcellation_id": parcellation_id, "bbox": bbox, "region_id": region_id, "feature_id": feature_id, "strict_mode": strict_mode, "extent": extent})
        return answer


    def get_download_progress(
        self,
        task_id: str,
    ) -> TaskIdResp:
        """State of a bundle that is being made.

        task_id: Id of a download, as `/atlas_download` gave it.
        """
        answer: TaskIdResp = self._sender.json("GET", f"/atlas_download/{self._sender.part(task_id)}", {})
        return answer


    def get_download_result(
        self,
        task_id: str,
    ) -> bytes:
        """A finished bundle.

        task_id: Id of a download, as `/atlas_download` gave it.
        """
        answer: bytes = self._sender.bytes("GET", f"/atlas_download/{self._sender.part(task_id)}/download", {})
        return answer


    def get_task(
        self,
        task_id: str,
    ) -> TaskModel:
        """How a task is doing that was asked for with `Prefer: respond-async`.

        task_id: Id of a task, as the header `Location` of its request gave it.
        """
        answer: TaskModel = self._sender.json("GET", f"/tasks/{self._sender.part(task_id)}", {})
        return answer


    def get_task_result(
        self,
        task_id: str,
    ) -> Any:
        """The answer of a task that has ended, as its route would have given it; kept for a day.

        task_id: Id of a task, as the header `Location` of its request gave it.
        """
        answer: Any = self._sender.json("GET", f"/tasks/{self._sender.part(task_id)}/result", {})
        return answer


class Frames:
    """Routes that answer with tables, as data frames of pandas."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender


    def get_all_regions(
        self,
        *,
        parcellation_id: str | None = None,
        find: str | None = None,
        atlas_id: str | None = None,
        species: str | None = None,
        within: str | None = None,
        leaf: Literal['true', 'false'] | None = None,
        label: int | None = None,
        page: int | None = None,
        size: int | None = None,
        fields: list[str] | None = None,
    ) -> pandas.DataFrame:
        """List or search the regions of a parcellation, or search all parcellations."""
        answer: pandas.DataFrame = self._sender.frame("GET", "/regions", {"parcellation_id": parcellation_id, "find": find, "atlas_id": atlas_id, "species": species, "within": within, "leaf": leaf, "label": label, "page": page, "size": size, "fields": fields})
        return answer


    def get_assign_point(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        point: str,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        sigma_mm: float | None = None,
    ) -> pandas.DataFrame:
        """The regions that a point belongs to, with scores."""
        answer: pandas.DataFrame = self._sender.frame("GET", "/map/assign", {"parcellation_id": parcellation_id, "space_id": space_id, "point": point, "assignment_type": assignment_type, "sigma_mm": sigma_mm})
        return answer


    def post_assign_points(
        self,
        body: PostAssignPointsBody | Body,
        *,
        space_id: str,
        parcellation_id: str | None = None,
        parcellation_ids: list[str] | None = None,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        sigma_mm: float | None = None,
        point_space_id: str | None = None,
        lower_threshold: float | None = None,
        level: int | None = None,
        summary: Literal['region'] | None = None,
        content_type: str | None = None,
    ) -> pandas.DataFrame:
        """The regions that many points belong to, with scores."""
        answer: pandas.DataFrame = self._sender.frame("POST", "/map/assign", {"parcellation_id": parcellation_id, "parcellation_ids": parcellation_ids, "space_id": space_id, "assignment_type": assignment_type, "sigma_mm": sigma_mm, "point_space_id": point_space_id, "lower_threshold": lower_threshold, "level": level, "summary": summary}, body, content_type)
        return answer


    def get_feature_matrix(
        self,
        *,
        parcellation_id: str,
        type: Literal['ReceptorDensityFingerprint', 'LayerwiseCellDensity', 'RegionalValues', 'GeneExpressions'] | None = None,
        gene: list[str] | None = None,
        measure: Literal['level', 'zscore'] | None = None,
    ) -> pandas.DataFrame:
        """What was measured in the regions of a parcellation, as one table: receptors, layers or genes."""
        answer: pandas.DataFrame = self._sender.frame("GET", "/feature/matrix", {"parcellation_id": parcellation_id, "type": type, "gene": gene, "measure": measure})
        return answer


    def get_region_table(
        self,
        parcellation_id: str,
        *,
        space_id: str | None = None,
        map_type: Literal['LABELLED', 'STATISTICAL'] | None = None,
        within: str | None = None,
        level: int | None = None,
        leaf: Literal['true', 'false'] | None = None,
        columns: list[Literal['name', 'short_name', 'id', 'parent_id', 'path', 'depth', 'order', 'is_leaf', 'color', 'side', 'label', 'volume', 'fragment', 'voxels', 'volume_mm3', 'components', 'centroid_x_mm', 'centroid_y_mm', 'centroid_z_mm', 'bbox_min_x_mm', 'bbox_min_y_mm', 'bbox_min_z_mm', 'bbox_max_x_mm', 'bbox_max_y_mm', 'bbox_max_z_mm']] | None = None,
    ) -> pandas.DataFrame:
        """All regions of a parcellation in one table: tree, colours, labels, sizes and centres."""
        answer: pandas.DataFrame = self._sender.frame("GET", f"/parcellations/{self._sender.part(parcellation_id)}/region_table", {"space_id": space_id, "map_type": map_type, "within": within, "level": level, "leaf": leaf, "columns": columns})
        return answer


    def get_map_overlap(
        self,
        *,
        parcellation_id: str,
        other_parcellation_id: str,
        space_id: str,
    ) -> pandas.DataFrame:
        """How the regions of two parcellations lie over each other."""
        answer: pandas.DataFrame = self._sender.frame("GET", "/map/overlap", {"parcellation_id": parcellation_id, "other_parcellation_id": other_parcellation_id, "space_id": space_id})
        return answer


    def post_assign_image(
        self,
        body: Body,
        *,
        parcellation_id: str,
        space_id: str,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        split_components: bool | None = None,
        connectivity: Literal['full', 'faces'] | None = None,
        threshold: float | None = None,
        min_voxels: int | None = None,
        min_correlation: float | None = None,
        content_type: str | None = None,
    ) -> pandas.DataFrame:
        """The regions that the components of an image belong to, with scores."""
        answer: pandas.DataFrame = self._sender.frame("POST", "/map/assign_image", {"parcellation_id": parcellation_id, "space_id": space_id, "assignment_type": assignment_type, "split_components": split_components, "connectivity": connectivity, "threshold": threshold, "min_voxels": min_voxels, "min_correlation": min_correlation}, body, content_type)
        return answer


    def post_clusters(
        self,
        body: Body,
        *,
        stat_threshold: float,
        cluster_extent: int | None = None,
        min_distance_mm: float | None = None,
        two_sided: bool | None = None,
        parcellation_ids: list[str] | None = None,
        space_id: str | None = None,
        content_type: str | None = None,
    ) -> pandas.DataFrame:
        """The clusters of a statistical image and their peaks, with their regions."""
        answer: pandas.DataFrame = self._sender.frame("POST", "/map/clusters", {"stat_threshold": stat_threshold, "cluster_extent": cluster_extent, "min_distance_mm": min_distance_mm, "two_sided": two_sided, "parcellation_ids": parcellation_ids, "space_id": space_id}, body, content_type)
        return answer


    def post_values(
        self,
        body: Body,
        *,
        parcellation_id: str,
        space_id: str,
        assignment_type: Literal['statistical', 'labelled'] | None = None,
        strategy: Literal['mean', 'median', 'sum', 'minimum', 'maximum', 'standard_deviation', 'variance'] | None = None,
        resampling_target: Literal['data', 'labels'] | None = None,
        content_type: str | None = None,
    ) -> pandas.DataFrame:
        """Values of an image by region: a row for each of its volumes."""
        answer: pandas.DataFrame = self._sender.frame("POST", "/map/values", {"parcellation_id": parcellation_id, "space_id": space_id, "assignment_type": assignment_type, "strategy": strategy, "resampling_target": resampling_target}, body, content_type)
        return answer


class Images:
    """Routes that answer with volumes, as images of nibabel."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender


    def get_resampled_map(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        name: str | None = None,
    ) -> nibabel.Nifti1Image:
        """The template of a space on the grid of the labelled map of a parcellation (.nii.gz)."""
        answer: nibabel.Nifti1Image = self._sender.image("GET", "/map/resampled_template", {"parcellation_id": parcellation_id, "space_id": space_id, "name": name})
        return answer


    def get_parcellation_labelled_map(
        self,
        *,
        parcellation_id: str,
        space_id: str,
        region_id: str | None = None,
        extent: Literal['parts', 'own', 'drawn'] | None = None,
        fragment: str | None = None,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> nibabel.Nifti1Image:
        """The labelled map of a parcellation, or the mask of one region."""
        answer: nibabel.Nifti1Image = self._sender.image("GET", "/map/labelled_map.nii.gz", {"parcellation_id": parcellation_id, "space_id": space_id, "region_id": region_id, "extent": extent, "fragment": fragment, "bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def get_region_statistical_map(
        self,
        *,
        parcellation_id: str,
        region_id: str,
        space_id: str,
        name: str | None = None,
        fragment: str | None = None,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> nibabel.Nifti1Image:
        """The statistical (probability) map of one region."""
        answer: nibabel.Nifti1Image = self._sender.image("GET", "/map/statistical_map.nii.gz", {"parcellation_id": parcellation_id, "region_id": region_id, "space_id": space_id, "name": name, "fragment": fragment, "bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def get_template_cutout(
        self,
        space_id: str,
        *,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> nibabel.Nifti1Image:
        """The template of a space, or a part of it."""
        answer: nibabel.Nifti1Image = self._sender.image("GET", f"/spaces/{self._sender.part(space_id)}/template.nii.gz", {"bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def get_feature_image(
        self,
        feature_id: str,
        *,
        bbox: str | None = None,
        resolution_mm: float | None = None,
        max_voxels: int | None = None,
    ) -> nibabel.Nifti1Image:
        """An image feature, or a part of it, as a volume."""
        answer: nibabel.Nifti1Image = self._sender.image("GET", f"/feature/{self._sender.part(feature_id)}/image.nii.gz", {"bbox": bbox, "resolution_mm": resolution_mm, "max_voxels": max_voxels})
        return answer


    def post_colorized_map(
        self,
        body: PostColorizedMapBody | Body,
        *,
        parcellation_id: str,
        space_id: str,
        content_type: str | None = None,
    ) -> nibabel.Nifti1Image:
        """A labelled map with values of regions instead of labels."""
        answer: nibabel.Nifti1Image = self._sender.image("POST", "/map/colorized.nii.gz", {"parcellation_id": parcellation_id, "space_id": space_id}, body, content_type)
        return answer


    def post_point_density(
        self,
        body: PostPointDensityBody | Body,
        *,
        space_id: str,
        sigma_mm: float | None = None,
        resolution_mm: float | None = None,
        content_type: str | None = None,
    ) -> nibabel.Nifti1Image:
        """How densely points lie in a space, as an image."""
        answer: nibabel.Nifti1Image = self._sender.image("POST", "/map/density.nii.gz", {"space_id": space_id, "sigma_mm": sigma_mm, "resolution_mm": resolution_mm}, body, content_type)
        return answer
