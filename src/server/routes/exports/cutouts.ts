import { FeatureImageParams, TemplateCutoutParams } from '../../../models/exports/cutouts.ts'
import { niftiFile } from '../answers.ts'
import { ALWAYS, type RouteRecord, V3 } from '../route.ts'

const base = { method: 'GET', versions: V3, criticality: 'normal', cache: ALWAYS, extension: true } as const
const isHeavy = () => true

/** Parts of what is too large to be fetched whole. */
export const cutoutRoutes: readonly RouteRecord[] = [
  {
    ...base,
    tag: 'space',
    name: 'get_template_cutout',
    tool: 'template_file',
    path: '/spaces/{space_id}/template.nii.gz',
    summary: 'The template of a space, or a part of it',
    description:
      'Of a pyramid (BigBrain ...) at one of its scales. Where the first provider of a template is away or cannot be read, the next one is taken.',
    params: TemplateCutoutParams,
    response: niftiFile('The template.'),
    task: { name: 'template_cutout', queue: 'volumes', isHeavy },
    python: [
      'import json',
      'voi = siibra.locations.BoundingBox(*json.loads(bbox), space=space_id) if bbox else None',
      'image = siibra.spaces[space_id].get_template().fetch(voi=voi, resolution_mm=resolution_mm)',
      'image.to_filename("template.nii.gz")',
    ].join('\n'),
  },
  {
    ...base,
    tag: 'feature',
    name: 'get_feature_image',
    path: '/feature/{feature_id}/image.nii.gz',
    summary: 'An image feature, or a part of it, as a volume',
    params: FeatureImageParams,
    response: niftiFile('The image.'),
    task: { name: 'feature_image', queue: 'volumes', isHeavy },
  },
]
