/** Where hosts of git repositories give an archive of a tag. */

export function githubArchiveUrl(
  owner: string,
  repository: string,
  tag: string,
  server = 'https://github.com',
): string {
  return `${server}/${owner}/${repository}/archive/refs/tags/${tag.split('/').map(encodeURIComponent).join('/')}.tar.gz`
}

export function gitlabArchiveUrl(project: number, ref: string, server = 'https://gitlab.ebrains.eu'): string {
  return `${server}/api/v4/projects/${project}/repository/archive.tar.gz?sha=${ref}`
}
