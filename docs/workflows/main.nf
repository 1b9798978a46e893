// A genome scan in shards: nextflow run main.nf --model ctcf/model.safetensors --genome hg38.fa.gz
//
// The sites and the track are byte for byte those of one scan without shards.

params.shards = 20
params.rule = '--p-value 1e-4'
params.output = 'results'

process scan {
    cpus 2

    input:
    val shard
    path model
    path genome

    output:
    path "shard${shard}.bed.gz", emit: sites
    path "shard${shard}.bw", emit: tracks

    script:
    """
    seqcnn scan --model $model --genome ${genome[0]} ${params.rule} --quiet \\
        --threads ${task.cpus} --shard $shard/${params.shards} \\
        --output shard${shard}.bed.gz --bigwig shard${shard}.bw
    """
}

process merge {
    publishDir params.output

    input:
    path sites
    path tracks

    output:
    path 'sites.bed.gz*'
    path 'track.bw'

    script:
    """
    seqcnn scan merge $sites --output sites.bed.gz --bigwig track.bw --quiet
    """
}

workflow {
    // With the .fai and .gzi beside it a shard reads only its part of the genome.
    genome = Channel.fromPath("${params.genome}{,.fai,.gzi}").collect()
    shards = scan(Channel.of(1..params.shards), file(params.model), genome)
    merge(shards.sites.collect(), shards.tracks.collect())
}
