"""Reasons that rules of several modules share: the category with the sentence for it, in both languages."""

from __future__ import annotations

from localloom_diagnosis.taxonomy import Category

from .rule import Group

ABSENT_FILE = Group(
    Category.ARTIFACT_MODEL_NOT_FOUND,
    en="the model or one of its files is not where it was looked for",
    es="el modelo o uno de sus archivos no está donde se buscó",
)
BROKEN_FILE = Group(
    Category.ARTIFACT_CORRUPT, en="a file is damaged or incomplete", es="un archivo está dañado o incompleto"
)
MISTAKEN_FILE = Group(
    Category.ARTIFACT_CORRUPT,
    en="a file holds something else than it should",
    es="un archivo contiene otra cosa de la que debería",
)
UNKNOWN_ARCHITECTURE = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="this version of the runtime does not know the model's architecture or format",
    es="esta versión del motor no conoce la arquitectura o el formato del modelo",
)
OTHER_SHAPE = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the weights do not fit the model's definition",
    es="los pesos no encajan con la definición del modelo",
)
SKEW = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the parts were built for different versions",
    es="las piezas se construyeron para versiones distintas",
)
PACKAGE_ABSENT = Group(
    Category.HOST_MISSING_DEPENDENCY, en="a package is not installed", es="falta un paquete por instalar"
)
BUILT_WITHOUT = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="what is installed was built without what is asked for",
    es="lo instalado se compiló sin lo que se pide",
)
PACKAGE_NOT_INSTALLED = Group(
    Category.HOST_MISSING_DEPENDENCY,
    en="a package could not be installed",
    es="no se pudo instalar un paquete",
)
UNREACHABLE = Group(
    Category.NETWORK_UNREACHABLE, en="the server could not be reached", es="no se pudo llegar al servidor"
)
HTTP_STATUS = Group(
    Category.NETWORK_HTTP_ERROR,
    en="the server answered with an error",
    es="el servidor respondió con un error",
)
SLOW = Group(
    Category.NETWORK_TIMEOUT, en="the server did not answer in time", es="el servidor no respondió a tiempo"
)
ABSENT_ON_SERVER = Group(
    Category.ARTIFACT_MODEL_NOT_FOUND,
    en="the server does not have what it was asked for",
    es="el servidor no tiene lo que se le pidió",
)
BLOCKED = Group(
    Category.NETWORK_BLOCKED,
    en="something between the program and the server refused the exchange",
    es="algo entre el programa y el servidor rechazó el intercambio",
)
